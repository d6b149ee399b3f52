import type { Session, StatementError } from "../database/index.ts";
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
  type PlanOrder,
  type SchemaDifference,
  type SchemaScope,
  type SchemaSnapshot,
} from "../schema/index.ts";
import { withRenames } from "./choose-renames.ts";
import type { Rename } from "./renames.ts";
import { stateAfter, undone, type Make, type SchemaState } from "./schema-state.ts";
import { isAboutRows, runInWorkingOrder, type GeneratedStatement } from "./working-order.ts";
import { writtenPlan } from "./written-plan.ts";

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

/** Plans a part and proves it: as a person would write it, or where that does not run, in the order that was found if this does. */
export async function generatePart(session: Session, wanted: PartWanted): Promise<GeneratedPart> {
  const readable = await partInOrder(session, wanted, "readable");
  if (!isBroken(readable)) return readable;
  const found = await partInOrder(session, wanted, "found");
  return isBroken(found) ? readable : found;
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
      ...writtenPlan(await planChange(base.facts, to.facts, scope, order), base.snapshot, to.snapshot),
    ],
    downgrade: [
      ...writtenPlan(await planChange(to.facts, base.facts, scope, order), to.snapshot, base.snapshot),
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
    // Where it runs and leaves something else, it can still be taken back.
    if (up.leftToDo !== undefined && up.leftToDo.kind !== "schema")
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
      leftToDo: [up.leftToDo, down.leftToDo].filter((left) => left !== undefined),
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
    const reason = kind === "rows" ? error.reason : withDetail(error);
    const leftToDo: LeftToDo = { kind, direction, sql: statement.sql, reason };
    const mark = [`to be mended, it does not run: ${reason}`];
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

/** The detail names what depends on what. */
function withDetail({ reason, detail }: StatementError): string {
  return detail === undefined ? reason : `${reason}: ${detail.trim().replaceAll(/\s*\n\s*/g, "; ")}`;
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
