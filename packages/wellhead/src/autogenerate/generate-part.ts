import type { Session } from "../database/index.ts";
import { fillTables } from "../scratch/index.ts";
import {
  compareSchemas,
  leftoverStatements,
  outsideScope,
  planChange,
  readableSql,
  readSchema,
  wholeSchema,
  withinScope,
  type PlannedStatement,
  type PlanOrder,
  type SchemaDifference,
  type SchemaScope,
  type SchemaSnapshot,
} from "../schema/index.ts";
import { withRenames } from "./choose-renames.ts";
import { inThreeSteps } from "./fill-steps.ts";
import type { Rename } from "./renames.ts";
import { stateAfter, undone, type Make, type SchemaState } from "./schema-state.ts";
import { withSerials } from "./serials.ts";
import { isAboutRows, runInWorkingOrder, type GeneratedStatement } from "./working-order.ts";

/** What is to become one revision. */
export interface PartWanted {
  readonly make: Make;
  readonly from: SchemaState;
  readonly to: SchemaState;
  readonly scope: SchemaScope;
  readonly renames: readonly Rename[];
  readonly outside: boolean;
}

/** One revision, and what is known of it. */
export interface GeneratedPart {
  /** Its head says `transaction: none`. */
  readonly outside: boolean;
  readonly upgrade: readonly GeneratedStatement[];
  readonly downgrade: readonly GeneratedStatement[];
  readonly renames: readonly Rename[];
  /** Upgrade gives what is wished for and downgrade what was there, on tables with rows. */
  readonly isProved: boolean;
  /** What keeps it from that, for a person to finish. */
  readonly leftToDo: readonly LeftToDo[];
  /** Tables in which no rows could be put, with the reason. */
  readonly unfilled: readonly { readonly table: string; readonly reason: string }[];
}

export type LeftToDo =
  /** A statement needs the rows that are there to be put right before it. */
  | {
      readonly kind: "rows";
      readonly direction: "upgrade" | "downgrade";
      readonly sql: string;
      readonly reason: string;
    }
  /** A statement does not run at all. */
  | {
      readonly kind: "statement";
      readonly direction: "upgrade" | "downgrade";
      readonly sql: string;
      readonly reason: string;
    }
  /** The schema that is left is another one. */
  | {
      readonly kind: "schema";
      readonly direction: "upgrade" | "downgrade";
      readonly differences: readonly SchemaDifference[];
    };

/** Plans a part and proves it: as a person would write it, or where only that can be proved, in the order that was found. */
export async function generatePart(session: Session, wanted: PartWanted): Promise<GeneratedPart> {
  const readable = await partInOrder(session, wanted, "readable");
  if (readable.isProved) return readable;
  const found = await partInOrder(session, wanted, "found");
  return found.isProved || (isBroken(readable) && !isBroken(found)) ? found : readable;
}

/** Something else than rows is in the way of it. */
function isBroken({ leftToDo }: GeneratedPart): boolean {
  return leftToDo.some(({ kind }) => kind !== "rows");
}

async function partInOrder(session: Session, wanted: PartWanted, order: PlanOrder): Promise<GeneratedPart> {
  const { make, from, to, scope, renames, outside } = wanted;
  const base = renames.length === 0 ? from : await stateAfter(session, withRenames(make, renames));
  const there = renames.map(({ there: sql }) => ({ sql, losesData: false }));
  const back = renames.toReversed().map(({ back: sql }) => ({ sql, losesData: false }));
  const planned = {
    upgrade: [
      ...there,
      ...asWritten(await planChange(base.facts, to.facts, scope, order), base.snapshot, to.snapshot),
    ],
    downgrade: [
      ...asWritten(await planChange(to.facts, base.facts, scope, order), to.snapshot, base.snapshot),
      ...back,
    ],
  };
  const expected = expectedSchemas(from.snapshot, to.snapshot, scope);
  const rows = new Map<string, string>();
  for (;;) {
    const trial = await tryBothWays(session, wanted, planned, expected, rows);
    const { stopped } = trial;
    if (stopped?.kind === "rows" && !rows.has(stopped.sql)) {
      rows.set(stopped.sql, stopped.reason);
      continue;
    }
    const failed = trial.leftToDo.filter(({ kind }) => kind !== "rows");
    const leftToDo = [...failed, ...todos("upgrade", trial.upgrade), ...todos("downgrade", trial.downgrade)];
    return {
      outside,
      renames,
      upgrade: trial.upgrade,
      downgrade: trial.downgrade,
      isProved: leftToDo.length === 0,
      leftToDo,
      unfilled: trial.unfilled,
    };
  }
}

interface Ways {
  readonly upgrade: readonly GeneratedStatement[];
  readonly downgrade: readonly GeneratedStatement[];
}

interface Expected {
  readonly before: SchemaSnapshot;
  readonly scope: SchemaScope;
  readonly wished: SchemaSnapshot;
}

function expectedSchemas(before: SchemaSnapshot, wished: SchemaSnapshot, scope: SchemaScope): Expected {
  return { before, scope, wished: withinScope(wished, scope) };
}

interface Trial extends Ways {
  readonly leftToDo: readonly LeftToDo[];
  readonly stopped?: LeftToDo;
  readonly unfilled: GeneratedPart["unfilled"];
}

/** Runs the upgrade and the downgrade on tables with rows; without rows where it is known already that these are in the way. */
async function tryBothWays(
  session: Session,
  { make }: PartWanted,
  { upgrade, downgrade }: Ways,
  { before, scope, wished }: Expected,
  rows: ReadonlyMap<string, string>,
): Promise<Trial> {
  const withTodo = (statements: readonly GeneratedStatement[]): readonly GeneratedStatement[] =>
    statements.map((statement) => withReason(statement, rows.get(statement.sql)));
  return await undone(session, async () => {
    await make(session);
    const mayFill = rows.size === 0 && ![...upgrade, ...downgrade].some(({ todo }) => todo !== undefined);
    const { unfilled } = mayFill ? await fillTables(session) : { unfilled: [] };
    const up = await runOneWay(session, "upgrade", withTodo(upgrade), (schema) => [
      ...compareSchemas(withinScope(schema, scope), wished),
      ...compareSchemas(outsideScope(schema, scope), outsideScope(before, scope)),
    ]);
    if (up.leftToDo !== undefined)
      return {
        upgrade: up.statements,
        downgrade: withTodo(downgrade),
        leftToDo: [up.leftToDo],
        stopped: up.leftToDo,
        unfilled,
      };
    const down = await runOneWay(session, "downgrade", withTodo(downgrade), (schema) =>
      compareSchemas(withinScope(schema, wholeSchema), withinScope(before, wholeSchema)),
    );
    return {
      upgrade: up.statements,
      downgrade: down.statements,
      leftToDo: down.leftToDo === undefined ? [] : [down.leftToDo],
      ...(down.leftToDo !== undefined && { stopped: down.leftToDo }),
      unfilled,
    };
  });
}

interface OneWay {
  readonly statements: readonly GeneratedStatement[];
  readonly leftToDo?: LeftToDo;
}

async function runOneWay(
  session: Session,
  direction: "upgrade" | "downgrade",
  statements: readonly GeneratedStatement[],
  differencesFrom: (schema: SchemaSnapshot) => readonly SchemaDifference[],
): Promise<OneWay> {
  const { order, failed } = await runInWorkingOrder(session, statements);
  if (failed !== undefined) {
    const { statement, left, error } = failed;
    const kind = isAboutRows(error) ? "rows" : "statement";
    const leftToDo: LeftToDo = { kind, direction, sql: statement.sql, reason: error.reason };
    const mark = [`to be mended, it does not run: ${error.reason}`];
    const rest =
      kind === "rows" ? left : left.map((each) => (each === statement ? { ...each, todo: mark } : each));
    return { statements: [...order, ...rest], leftToDo };
  }
  const found = differencesFrom(await readSchema(session));
  if (found.length === 0) return { statements: order };
  const more = leftoverStatements(found).map((sql) => ({ sql: readableSql(sql), losesData: false }));
  const mended = await runInWorkingOrder(session, more);
  const all = [...order, ...mended.order];
  const left = differencesFrom(await readSchema(session));
  return left.length === 0
    ? { statements: all }
    : { statements: all, leftToDo: { kind: "schema", direction, differences: left } };
}

/** The statements of a plan as they stand in the file. */
function asWritten(
  planned: readonly PlannedStatement[],
  before: SchemaSnapshot,
  after: SchemaSnapshot,
): readonly GeneratedStatement[] {
  const readable = planned.map((statement) => ({
    ...statement,
    sql: withVirtualColumns(readableSql(whole(statement.sql)), after),
  }));
  const isNew = (table: string): boolean => !before.has(`table ${table}`);
  return withSerials(readable.filter(({ sql }) => !dropsNothing(sql, before))).flatMap((statement) =>
    inThreeSteps(statement, isNew),
  );
}

const NAME = String.raw`(?:"(?:[^"]|"")*"|\w+)`;

/** pg-delta drops a default before a type changes, whether there is one or not. */
function dropsNothing(sql: string, before: SchemaSnapshot): boolean {
  const pattern = new RegExp(`^ALTER TABLE (${NAME}\\.${NAME}) ALTER COLUMN (${NAME}) DROP DEFAULT$`);
  const [, table, column] = pattern.exec(sql) ?? [];
  if (table === undefined) return false;
  return before.get(`column ${table}.${column}`)?.definition.includes(" default ") === false;
}

/** pg-delta writes every generated column as a stored one. */
function withVirtualColumns(sql: string, after: SchemaSnapshot): string {
  const [, created, altered] =
    new RegExp(
      `^(?:CREATE (?:UNLOGGED )?TABLE (${NAME}\\.${NAME})|ALTER TABLE (${NAME}\\.${NAME}) ADD COLUMN) `,
    ).exec(sql) ?? [];
  const table = created ?? altered;
  if (table === undefined || !sql.includes("STORED")) return sql;
  const columns = new RegExp(
    `((?:\\n  |ADD COLUMN )(${NAME}) [^\\n]* GENERATED ALWAYS AS \\([^\\n]*\\) )STORED`,
    "g",
  );
  return sql.replaceAll(columns, (all, start: string, column: string) =>
    after.get(`column ${table}.${column}`)?.definition.endsWith(") virtual") === true
      ? `${start}VIRTUAL`
      : all,
  );
}

/** pg-delta makes an index of a partitioned table without those of its partitions, which leaves it invalid. */
function whole(sql: string): string {
  return sql.replace(/^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\w+)) ON ONLY /, "$1 ON ");
}

function withReason(statement: GeneratedStatement, reason: string | undefined): GeneratedStatement {
  if (reason === undefined || statement.todo !== undefined) return statement;
  return { ...statement, todo: [`to be written: what lets this run on the rows that are there (${reason})`] };
}

function todos(
  direction: "upgrade" | "downgrade",
  statements: readonly GeneratedStatement[],
): readonly LeftToDo[] {
  return statements.flatMap(({ sql, todo: [reason] = [] }) =>
    reason === undefined || reason.startsWith("to be mended")
      ? []
      : [{ kind: "rows" as const, direction, sql, reason: reason.replace("to be written: ", "") }],
  );
}
