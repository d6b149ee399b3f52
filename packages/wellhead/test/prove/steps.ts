import type { PreparedStep } from "../../src/migrate/index.ts";
import { readStaticRevisions, splitStatements } from "../../src/revisions/index.ts";

/** Revisions in a line, each written as its upgrade. */
export async function stepsOf(
  upgrades: Readonly<Record<string, string>>,
  { transaction = "" }: { readonly transaction?: string } = {},
): Promise<PreparedStep[]> {
  const ids = Object.keys(upgrades);
  const files = readStaticRevisions(
    Object.entries(upgrades).map(([id, sql], index) => ({
      path: `${id}.sql`,
      text: `-- revision: ${id}\n-- revises: ${ids[index - 1] ?? ""}\n${transaction}\n-- upgrade\n${sql}\n`,
    })),
  );
  return await Promise.all(
    files.map(async (file) => {
      const info = {
        direction: "upgrade" as const,
        revision: file.revision,
        revises: file.revises,
        path: file.path,
        message: "",
        versionsAfter: [],
      };
      const script = { text: upgrades[file.revision] ?? "", line: 1 };
      const body =
        file.transaction === "none"
          ? ({ kind: "statements", statements: await splitStatements(script.text) } as const)
          : ({ kind: "sql", script } as const);
      return { info, file, body };
    }),
  );
}
