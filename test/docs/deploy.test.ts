// The table of docs/deploy.md against what is made of each URL. WRITE_DOCS=1 writes its right half anew.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";
import { parseDatabaseUrl, type DatabaseTarget } from "wellhead";

const page = fileURLToPath(new URL("../../docs/deploy.md", import.meta.url));
const markdown = readFileSync(page, "utf8");

test("docs/deploy.md tells what is made of each host's DATABASE_URL", () => {
  const rows = [...markdown.matchAll(/^\| [^|\n]+ \| `DATABASE_URL=.*$/gm)].map(([row]) => row);
  expect(rows.length).toBeGreaterThan(15);
  const written = rows.reduce((text, row) => text.replace(row, rightRow(row)), markdown);
  if (process.env["WRITE_DOCS"] === "1") writeFileSync(page, written);
  else expect(markdown).toBe(written);
});

/** The row as it has to be, made of its first two cells. */
function rightRow(row: string): string {
  const [, host = "", variables = ""] = row.split("|").map((cell) => cell.trim());
  const env = Object.fromEntries(
    [...variables.matchAll(/`(\w+)=([^`]*)`/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  const target = parseDatabaseUrl({ NODE_ENV: "production", ...env });
  if (target.driver !== "pg") throw new Error(`${host} is not Postgres`);
  const cells = [host, variables, `\`${target.display}\``, tls(target), target.poolMode];
  return `| ${[...cells, `\`${target.migrate?.from ?? "DATABASE_URL"}\``].join(" | ")} |`;
}

function tls({ sslmode, ssl }: Extract<DatabaseTarget, { driver: "pg" }>): string {
  switch (sslmode) {
    case "disable":
      return "none";
    case "prefer":
      return "where the server has it";
    case "require":
      return "always, not verified";
    case "verify-ca":
    case "verify-full":
      expect(ssl).toMatchObject({ rejectUnauthorized: true });
      return "always, verified";
  }
}
