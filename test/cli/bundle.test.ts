import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "vite";
import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { migrationsFolder, temporaryFolder, writeRevision } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const packageFolder = fileURLToPath(new URL("../../packages/wellhead", import.meta.url));

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (v text);\r\nINSERT INTO t VALUES ('`${x}` \\ \u2028');" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;", downgrade: "ALTER TABLE t DROP b;" },
];

const module = `// revision: cc33
// revises: bb22
// message: fill
import { value } from "./helper.ts";

export async function upgrade(db: { query(sql: string, values: unknown[]): Promise<unknown> }): Promise<void> {
  await db.query("UPDATE t SET b = $1", [value]);
}
`;

describeOnPostgres("wellhead bundle", (server) => {
  test("makes a module that upgrades without the folder, with the same checksums as the files", async () => {
    const project = await cliProject(server, ...revisions);
    const { wellhead, folder, url, rows } = project;
    writeFileSync(join(folder, "cc33.ts"), module);
    writeFileSync(join(folder, "helper.ts"), "export const value: number = 7;\n");
    const result = await wellhead("bundle", "--out", "all.mjs");
    expect(result).toMatchObject({ exitCode: 0, stdout: "bundled 3 revisions into all.mjs\n" });
    const elsewhere = await bundledApp(folder, "all.mjs");
    const files = readFileSync(join(folder, "cc33.ts"), "utf8");
    rmSync(join(folder, "cc33.ts"));
    expect(runApp(elsewhere, url)).toEqual({ to: ["cc33"], steps: 3, status: [] });
    expect(await rows("SELECT v, b FROM t")).toEqual([{ v: "`${x}` \\ \u2028", b: 7 }]);
    expect(runApp(elsewhere, url)).toEqual({ to: ["cc33"], steps: 0, status: [] });
    writeFileSync(join(folder, "cc33.ts"), files);
    expect((await wellhead("status", "--json")).json()).toMatchObject({
      pending: [],
      edited: [],
      unknown: [],
    });
  });
});

describe("wellhead bundle, the file", () => {
  test("is written again over itself, and never over something else", async () => {
    const folder = migrationsFolder(...revisions);
    const bundle = async (...argv: string[]) =>
      await runCli(["bundle", "--dir", ".", ...argv], { cwd: folder });
    expect((await bundle("--json")).json()).toEqual({
      file: "migrations.bundle.mjs",
      revisions: ["aa11", "bb22"],
    });
    writeRevision(folder, { id: "dd44", revises: "bb22" });
    expect((await bundle()).stdout).toBe("bundled 3 revisions into migrations.bundle.mjs\n");
    const { default: list } = await import(pathToFileURL(join(folder, "migrations.bundle.mjs")).href);
    expect(list.map(({ path }: { path: string }) => path)).toEqual(["aa11.sql", "bb22.sql", "dd44.sql"]);
    const refused = await bundle("--out", "bb22.sql");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("was not written by `wellhead bundle`");
    await bundle("--out", "typed.ts");
    expect(readFileSync(join(folder, "typed.ts"), "utf8")).toContain(
      "const revisions: readonly StaticRevision[] = [",
    );
  });
});

/** An app that imports the bundle, built into one file in a folder of its own. */
async function bundledApp(folder: string, bundle: string): Promise<string> {
  const elsewhere = temporaryFolder();
  const entry = join(folder, "app.mjs");
  writeFileSync(
    entry,
    `import { readStatus, upgrade } from "wellhead";
import migrations from "./${bundle}";
const options = { url: process.argv[2], migrations };
const { to, steps } = await upgrade(options);
const { pending, edited, unknown } = await readStatus(options);
console.log(JSON.stringify({ to, steps: steps.length, status: [...pending, ...edited, ...unknown] }));
`,
  );
  await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    build: { ssr: entry, outDir: elsewhere, target: "node22", rolldownOptions: { external: ["wellhead"] } },
  });
  mkdirSync(join(elsewhere, "node_modules"));
  symlinkSync(packageFolder, join(elsewhere, "node_modules", "wellhead"));
  return elsewhere;
}

function runApp(cwd: string, url: string): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, ["--conditions=wellhead-source", "app.mjs", url], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "" },
  });
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}
