import type { GeneratedStatement } from "./working-order.ts";

/**
 * Statements as the section of a revision: what loses data is marked, what is left to write stands as a comment. A blank
 * line parts what is longer than a line, and statements of one kind from those of another.
 */
export function revisionSql(statements: readonly GeneratedStatement[]): string {
  return statements
    .map((statement, index) => {
      const { sql, losesData, todo = [] } = statement;
      const marks = [...todo, ...(losesData ? ["loses data"] : [])].map((line) => `-- ${line}\n`);
      const previous = statements[index - 1];
      const isApart = previous !== undefined && blockOf(previous) !== blockOf(statement);
      return `${isApart ? "\n" : ""}${marks.join("")}${sql};\n`;
    })
    .join("")
    .trimEnd();
}

/** Statements that follow each other and have this in common stand together. */
function blockOf(statement: GeneratedStatement): unknown {
  const { sql, todo } = statement;
  if (sql.includes("\n") || todo !== undefined) return statement;
  const [words = ""] = /^(?:CREATE UNIQUE INDEX|DROP|GRANT|REVOKE|COMMENT|\w+ \w+)/.exec(sql) ?? [];
  return words.replace("UNIQUE ", "").replace("CREATE DOMAIN", "CREATE TYPE").replace("REVOKE", "GRANT");
}
