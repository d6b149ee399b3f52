import { StatementError, type Session } from "../database/index.ts";
import { checkScript, splitStatements, type SqlStatement } from "../revisions/index.ts";
import { ModelsRefusedError } from "./errors.ts";
import type { Models } from "./models.ts";
import type { SqlScript } from "./sql-script.ts";

/**
 * Makes what the models declare, in the transaction that is open on the session, in an empty database. Roles that
 * they name and nobody made are made too.
 *
 * @throws {ModelsRefusedError} `E_MODELS_REFUSED`
 * @throws {SqlSyntaxError} `E_SQL_SYNTAX`
 */
export async function declareModels(session: Session, { scripts }: Pick<Models, "scripts">): Promise<void> {
  for (const script of scripts) {
    const statements = await statementsOf(script);
    await makeRoles(session, statements);
    for (const statement of statements) await runStatement(session, statement, script.path);
    await session.run(session.resetSettings);
  }
}

/** What begins and ends a transaction in a dump is left out: it is in one already. */
async function statementsOf({ text, path }: SqlScript): Promise<readonly SqlStatement[]> {
  const statements = await splitStatements(text, 1, path);
  const kept = statements.filter(({ tree }) => !("TransactionStmt" in tree));
  for (const { text: sql, line } of kept)
    if (/^copy\b/i.test(sql)) await checkScript({ text: sql, line }, { path });
  return kept;
}

async function runStatement(session: Session, { text, line }: SqlStatement, path: string): Promise<void> {
  try {
    await session.run(text);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw new ModelsRefusedError({ path, line, statement: text }, error, error);
  }
}

/** Roles belong to a server and not to a schema: one that is granted something is there. */
async function makeRoles(session: Session, statements: readonly SqlStatement[]): Promise<void> {
  const named = (pattern: RegExp): string[] =>
    statements.flatMap(({ tree }) =>
      [...JSON.stringify(tree).matchAll(pattern)].map(([, name]) => JSON.parse(`"${name}"`) as string),
    );
  const made = new Set(named(/"CreateRoleStmt":\{[^}]*"role":"((?:[^"\\]|\\.)*)"/gu));
  const names = [...new Set(named(/"rolename":"((?:[^"\\]|\\.)*)"/gu))].filter((name) => !made.has(name));
  for (const name of names) {
    const [existing] = await session.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", [name]);
    if (existing === undefined) await session.run(`CREATE ROLE "${name.replaceAll('"', '""')}"`);
  }
}
