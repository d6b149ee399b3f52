import type { StampStep } from "../graph/index.ts";
import { refuseTransactionControl, type RevisionDatabase } from "../revisions/index.ts";
import { OfflineQueryError } from "./errors.ts";
import type { StepInfo } from "./events.ts";
import type { Migrations } from "./migrations.ts";
import { prepareStep, type PreparedStep, type StepBody } from "./prepared-step.ts";
import {
  quoteIdentifier,
  quoteLiteral,
  VERSION_NUM_LENGTH,
  versionRowChanges,
  type VersionRowChange,
  type VersionTableOptions,
} from "./version-table.ts";

/** How a run is written as SQL. */
export interface OfflineSqlOptions extends VersionTableOptions {
  /** One transaction around everything (`all`, the default) or around each revision (`each`). */
  readonly transaction?: "all" | "each";
}

/**
 * The SQL of a plan, for somebody else to run: nothing is connected, the database is taken to stand at `from`. In the
 * shape of Alembic's `--sql`. A `.ts` revision is run against a recorder, so it can only say what it would run.
 */
export async function offlineSql(
  steps: readonly StepInfo[],
  from: readonly string[],
  { files }: Migrations,
  options: OfflineSqlOptions,
): Promise<string[]> {
  const table = relationName(options);
  const blocks: Block[] = [];
  let versions = from;
  if (from.length === 0 && steps[0]?.direction === "upgrade")
    blocks.push({ statements: [createTable(options)] });
  for (const step of steps) {
    const file = files.get(step.revision);
    if (file === undefined) continue;
    const prepared = await prepareStep(step, file);
    const rows = versionRowChanges(versions, step.versionsAfter).map((change) => rowStatement(table, change));
    blocks.push({
      statements: [`-- Running ${runningLine(step)}`, ...(await statementsOf(prepared)), ...rows],
      isOutside: file.transaction === "none",
    });
    versions = step.versionsAfter;
  }
  return inTransactions(blocks, options.transaction ?? "all");
}

/** The SQL of a stamp, in the same shape. */
export function offlineStampSql(
  steps: readonly StampStep[],
  from: readonly string[],
  options: OfflineSqlOptions,
): string[] {
  const table = relationName(options);
  let versions = from;
  const blocks: Block[] = from.length === 0 ? [{ statements: [createTable(options)] }] : [];
  for (const step of steps) {
    const rows = versionRowChanges(versions, step.versionsAfter).map((change) => rowStatement(table, change));
    blocks.push({
      statements: [`-- Running stamp_revision ${step.from.join(", ")} -> ${step.to.join(", ")}`, ...rows],
    });
    versions = step.versionsAfter;
  }
  return inTransactions(blocks, "all");
}

/** `upgrade a, b -> c` or `downgrade c -> a, b`, as Alembic logs a step. */
export function runningLine({ direction, revision, revises }: StepInfo): string {
  const parents = revises.join(", ");
  return direction === "upgrade"
    ? `upgrade ${parents} -> ${revision}`
    : `downgrade ${revision} -> ${parents}`;
}

interface Block {
  readonly statements: readonly string[];
  /** It runs outside a transaction (`transaction: none`). */
  readonly isOutside?: boolean;
}

function inTransactions(blocks: readonly Block[], transaction: "all" | "each"): string[] {
  const lines: string[] = [];
  let isOpen = false;
  const turn = (open: boolean): void => {
    if (isOpen !== open) lines.push(open ? "BEGIN;" : "COMMIT;", "");
    isOpen = open;
  };
  for (const { statements, isOutside = false } of blocks) {
    turn(!isOutside);
    for (const statement of statements) lines.push(...statement.split("\n"), "");
    if (transaction === "each") turn(false);
  }
  turn(false);
  return lines;
}

/** The statements of a step, and what puts the session right again for those that follow. */
async function statementsOf({ info, body }: PreparedStep): Promise<string[]> {
  const texts =
    body.kind === "statements"
      ? body.statements.map(({ text }) => text)
      : body.kind === "sql"
        ? [body.script.text]
        : await recorded(info, body.work);
  const statements = texts.map((text) => terminated(text.trim())).filter((text) => text !== "");
  return [...statements, ...aftermath(statements, body.kind)];
}

const statementStart = String.raw`(?:^|;)(?:\s|--[^\n]*\n)*`;
const changesSession = new RegExp(
  String.raw`${statementStart}(?:set|reset|discard)\s+(?!constraints\b|transaction\b)|\bset_config\s*\(`,
  "iu",
);
const writesRows = new RegExp(String.raw`${statementStart}(?:insert|update|delete|merge|with)\b`, "iu");

/**
 * What a run does after each revision, where its text calls for it: a search path that it has set would hide the
 * version table, a pending check would stand in the way of the next ALTER TABLE (55006).
 */
function aftermath(statements: readonly string[], kind: StepBody["kind"]): string[] {
  const isInTransaction = kind !== "statements";
  return [
    ...(statements.some((text) => changesSession.test(text)) ? ["RESET ROLE;", "RESET ALL;"] : []),
    ...(isInTransaction && statements.some((text) => writesRows.test(text))
      ? ["SET CONSTRAINTS ALL IMMEDIATE;"]
      : []),
  ];
}

function terminated(sql: string): string {
  const lastLine = sql.slice(sql.lastIndexOf("\n") + 1);
  // A comment at the end would swallow a semicolon behind it, or hold the one that is seen.
  if (lastLine.includes("--")) return `${sql}\n;`;
  return sql === "" || sql.endsWith(";") ? sql : `${sql};`;
}

async function recorded(
  { revision, path }: StepInfo,
  work: (db: RevisionDatabase) => Promise<void>,
): Promise<string[]> {
  const statements: string[] = [];
  const refuse = (): never => {
    throw new OfflineQueryError(revision, path);
  };
  const db: RevisionDatabase = {
    run: async (sql) => {
      await refuseTransactionControl(sql, { path });
      statements.push(sql);
    },
    query: async () => refuse(),
    batches: () => refuse(),
  };
  await work(db);
  return statements;
}

function createTable(options: VersionTableOptions): string {
  return [
    `CREATE TABLE ${relationName(options)} (`,
    `    version_num VARCHAR(${VERSION_NUM_LENGTH}) NOT NULL, `,
    `    CONSTRAINT ${plainOrQuoted(`${options.versionTable ?? "alembic_version"}_pkc`)} PRIMARY KEY (version_num)`,
    ");",
  ].join("\n");
}

function rowStatement(table: string, change: VersionRowChange): string {
  switch (change.kind) {
    case "insert":
      return `INSERT INTO ${table} (version_num) VALUES (${quoteLiteral(change.id)}) RETURNING ${table}.version_num;`;
    case "update":
      return `UPDATE ${table} SET version_num=${quoteLiteral(change.to)} WHERE ${table}.version_num = ${quoteLiteral(change.from)};`;
    case "delete":
      return `DELETE FROM ${table} WHERE ${table}.version_num = ${quoteLiteral(change.id)};`;
  }
}

function relationName({ versionTable = "alembic_version", versionTableSchema }: VersionTableOptions): string {
  const table = plainOrQuoted(versionTable);
  return versionTableSchema === undefined ? table : `${plainOrQuoted(versionTableSchema)}.${table}`;
}

function plainOrQuoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}
