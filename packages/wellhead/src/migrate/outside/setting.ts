import type { SqlStatement } from "../../revisions/index.ts";

/**
 * `SET` and `RESET` do no work of their own: they hold for the statements after them, also when those run after a
 * kill, on another connection.
 */
export function isSetting({ tree }: SqlStatement): boolean {
  return "VariableSetStmt" in tree && tree.VariableSetStmt.is_local !== true;
}

/** The settings among the first `count` statements, as SQL; empty when there is none. */
export function settingsBefore(statements: readonly SqlStatement[], count: number): string {
  return statements
    .slice(0, count)
    .filter(isSetting)
    .map(({ text }) => text)
    .join(";\n");
}

/** How many statements are done when, after the first `done`, the next one that does work is done too. */
export function behindNext(statements: readonly SqlStatement[], done: number): number {
  const next = statements.findIndex((statement, index) => index >= done && !isSetting(statement));
  return next === -1 ? statements.length : next + 1;
}
