import type { GeneratedStatement } from "./working-order.ts";

/** Statements as the section of a revision: what loses data is marked, what is left to write stands as a comment. */
export function revisionSql(statements: readonly GeneratedStatement[]): string {
  return statements
    .map(({ sql, losesData, todo = [] }) => {
      const marks = [...todo, ...(losesData ? ["loses data"] : [])].map((line) => `-- ${line}\n`);
      return `${marks.join("")}${sql};\n${sql.includes("\n") ? "\n" : ""}`;
    })
    .join("")
    .trimEnd();
}
