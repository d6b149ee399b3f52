import { StatementError, type Session } from "../../database/index.ts";
import { readFillableTables, readValueTypes, type FillableTable, type ValueType } from "./catalogue.ts";
import { isNullable, type RowKind, type RowWish, type Unit } from "./column-values.ts";
import { quoteName } from "./quote.ts";
import { insertRow, insertRows } from "./rows.ts";
import { SINGLES_TRIED } from "./searches.ts";
import { fillingOrder } from "./units.ts";

/** How to fill. */
interface FillTablesOptions {
  /**
   * How many rows a table gets where it has room for so many; default 4: two alike, one at the edge of what its types
   * hold, one with NULL wherever it may be. With 2, one as most are and the one with NULL.
   */
  readonly rows?: number;
  /** The tables to look at, as `to_regclass` takes them, partitions included; default: all but those of extensions. */
  readonly tables?: readonly string[];
}

/** What became of the tables that held no row. */
interface FilledTables {
  /** In an order in which foreign keys are met, named as the search path allows. */
  readonly filled: readonly string[];
  readonly unfilled: readonly UnfilledTable[];
}

interface UnfilledTable {
  readonly table: string;
  readonly reason: string;
}

/**
 * Puts rows into tables that hold none, so that what runs next meets rows: values by type, domain, enum, length and
 * check, keys of parents, distinct values where rows must differ and the same value where they need not. No sequence
 * moves, no trigger and no rule of the project runs, and all constraints hold. A table that cannot be filled stays
 * empty and is named with the reason.
 *
 * It works inside an open transaction, and makes one where there is none.
 *
 * @example
 * const { filled, unfilled } = await fillTables(session);
 */
export async function fillTables(session: Session, options: FillTablesOptions = {}): Promise<FilledTables> {
  const isOwn = await beginWhereNone(session);
  try {
    const result = await fillEmpty(session, rowKinds(options.rows ?? 4), options.tables);
    await session.run(isOwn ? "COMMIT" : `RELEASE SAVEPOINT ${ALL}`);
    return result;
  } catch (error) {
    await session.run(isOwn ? "ROLLBACK" : `ROLLBACK TO SAVEPOINT ${ALL}; RELEASE SAVEPOINT ${ALL}`);
    throw error;
  }
}

const ALL = "wellhead_fill";
const ONE = "wellhead_fill_one";

/** Values are looked for in so many ways before a row is given up. */
const ATTEMPTS = 3;

/** Whether a transaction had to be begun. */
async function beginWhereNone(session: Session): Promise<boolean> {
  try {
    await session.run(`SAVEPOINT ${ALL}`);
    return false;
  } catch (error) {
    // no_active_sql_transaction
    if (!(error instanceof StatementError) || error.sqlState !== "25P01") throw error;
    await session.run("BEGIN");
    return true;
  }
}

function rowKinds(rows: number): readonly RowKind[] {
  const [common, edge] = rows < 4 ? [rows - 1, 0] : [rows - 2, 1];
  if (rows < 2) return ["common"];
  return [...Array<RowKind>(common).fill("common"), ...Array<RowKind>(edge).fill("edge"), "null"];
}

async function fillEmpty(
  session: Session,
  kinds: readonly RowKind[],
  names: readonly string[] | undefined,
): Promise<FilledTables> {
  const all = await readFillableTables(session, names);
  const tables = await emptyAmong(
    session,
    [...all.values()].filter(({ isPartitioned }) => !isPartitioned),
  );
  const unfilled: UnfilledTable[] = partitionless(all);
  const filled: string[] = [];
  const types = await readValueTypes(session, tables);
  let left = fillingOrder(new Map(tables.map((table) => [table.oid, table])));
  while (left.length > 0) {
    const done = await fillTogether(session, left, types, kinds);
    const empty = new Set(await emptyAmong(session, done));
    for (const table of done) {
      if (empty.has(table)) unfilled.push({ table: table.name, reason: noValueFits([table]) });
      else filled.push(table.name);
    }
    const next = left[done.length];
    left = left.slice(done.length + 1);
    if (next === undefined) continue;
    const problem = await fillUnit(session, next, types, kinds);
    if (problem === undefined) filled.push(...next.map(({ name }) => name));
    else unfilled.push(...next.map(({ name }) => ({ table: name, reason: problem })));
  }
  return { filled, unfilled };
}

function partitionless(tables: ReadonlyMap<string, FillableTable>): UnfilledTable[] {
  const roots = new Set([...tables.values()].filter((table) => !table.isPartitioned).map(({ root }) => root));
  return [...tables.values()]
    .filter(({ isPartitioned, oid, root }) => isPartitioned && oid === root && !roots.has(oid))
    .map(({ name }) => ({ table: name, reason: "it has no partition that could take a row" }));
}

async function emptyAmong(
  session: Session,
  tables: readonly FillableTable[],
): Promise<readonly FillableTable[]> {
  if (tables.length === 0) return [];
  const questions = tables.map(({ sql }) => `EXISTS (SELECT FROM ONLY ${sql})`);
  const [row] = await session.queryArrays(`SELECT ${questions.join(", ")}`);
  return tables.filter((_, index) => row?.[index] === false);
}

/** So many tables are filled with one message. */
const TOGETHER = 64;

/**
 * Fills the tables that come first in one message, up to one that does not take its rows at once or whose keys lead in a
 * circle; gives those that were gone through.
 */
async function fillTogether(
  session: Session,
  units: readonly (readonly FillableTable[])[],
  types: ReadonlyMap<string, ValueType>,
  kinds: readonly RowKind[],
): Promise<readonly FillableTable[]> {
  const circle = units.findIndex((members) => members.length > 1);
  const tables = units.slice(0, circle === -1 ? TOGETHER : Math.min(circle, TOGETHER)).flat();
  if (tables.length === 0) return [];
  const scripts = tables.map((table) => [
    `SAVEPOINT ${ONE}`,
    ...fillStatements([table], unitOf([table], types), kinds),
    `RELEASE SAVEPOINT ${ONE}`,
  ]);
  try {
    await session.run(scripts.flat().join(";\n"));
    return tables;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    await session.run(`ROLLBACK TO SAVEPOINT ${ONE}; RELEASE SAVEPOINT ${ONE}`);
    let statements = 0;
    return tables.slice(
      0,
      scripts.findIndex((script) => (statements += script.length) > error.statementsDone),
    );
  }
}

/** Fills tables whose keys lead in a circle, or one alone; the reason when that cannot be. Then nothing is left of it. */
async function fillUnit(
  session: Session,
  members: readonly FillableTable[],
  types: ReadonlyMap<string, ValueType>,
  kinds: readonly RowKind[],
): Promise<string | undefined> {
  const unit = unitOf(members, types);
  await session.run(`SAVEPOINT ${ONE}`);
  try {
    const failure = await attempt(session, fillStatements(members, unit, kinds));
    if (failure !== undefined) {
      const problem = await fillRowByRow(session, members, unit, kinds);
      if (problem !== undefined) return await undo(session, problem);
    }
    if ((await emptyAmong(session, members)).length > 0) return await undo(session, noValueFits(members));
    await session.run(`RELEASE SAVEPOINT ${ONE}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    return await undo(session, error.reason);
  }
}

function unitOf(members: readonly FillableTable[], types: ReadonlyMap<string, ValueType>): Unit {
  return { tables: new Map(members.map((table) => [table.oid, table])), types };
}

/** All rows at once, between what has to be around them. */
function fillStatements(
  members: readonly FillableTable[],
  unit: Unit,
  kinds: readonly RowKind[],
): readonly string[] {
  const { silence, unsilence, check } = surroundings(members);
  const wishes = kinds.map((kind, row): RowWish => ({ row, kind, avoidsTaken: true, attempt: 0 }));
  const [table, ...others] = members;
  const inserts =
    table !== undefined && others.length === 0
      ? insertRows(table, unit, wishes)
      : wishes.map((wish) => unitStatement(members, unit, wish));
  return [...check, ...silence, ...inserts, ...check, ...unsilence];
}

interface Surroundings {
  readonly silence: readonly string[];
  readonly unsilence: readonly string[];
  readonly check: readonly string[];
}

function surroundings(members: readonly FillableTable[]): Surroundings {
  const isDeferred = members.some(({ foreignKeys }) => foreignKeys.some((key) => key.isDeferrable));
  return {
    silence: members.flatMap((table) => table.silence),
    unsilence: members.flatMap((table) => table.unsilence),
    check: isDeferred ? ["SET CONSTRAINTS ALL IMMEDIATE"] : [],
  };
}

async function undo(session: Session, reason: string): Promise<string> {
  await session.run(`ROLLBACK TO SAVEPOINT ${ONE}; RELEASE SAVEPOINT ${ONE}`);
  return reason;
}

function noValueFits(members: readonly FillableTable[]): string {
  const checks = members.flatMap((table) => table.checks);
  return `no value that was tried satisfies ${checks.length === 0 ? "its domains" : checks.map((check) => `CHECK ${check}`).join(", ")}`;
}

/** The slow way, where a row does not go in at once: each in several ways, and fewer rows where they run out of values. */
async function fillRowByRow(
  session: Session,
  members: readonly FillableTable[],
  unit: Unit,
  kinds: readonly RowKind[],
): Promise<string | undefined> {
  const { silence, unsilence, check } = surroundings(members);
  let [done, problem]: [number, string | undefined] = [0, undefined];
  await session.run([...check, ...silence].join(";"));
  for (const [row, kind] of kinds.entries()) {
    const failure = await insertSomehow(session, members, unit, { row, kind }, check);
    if (failure === undefined) done += 1;
    else problem ??= failure;
    if (failure !== undefined && kind === "null") {
      const common = await insertSomehow(session, members, unit, { row, kind: "common" }, check);
      if (common === undefined) done += 1;
      if (common === undefined && members.length === 1) await emptyColumns(session, members[0], unit);
    }
  }
  await session.run(["SELECT", ...unsilence].join(";"));
  return done > 0 ? undefined : problem;
}

async function insertSomehow(
  session: Session,
  members: readonly FillableTable[],
  unit: Unit,
  wish: Pick<RowWish, "row" | "kind">,
  check: readonly string[],
): Promise<string | undefined> {
  let problem: StatementError | undefined;
  for (let number = 0; number < ATTEMPTS; number += 1) {
    for (const avoidsTaken of [true, false]) {
      const statement = unitStatement(members, unit, { ...wish, avoidsTaken, attempt: number });
      const failure = await attempt(session, [statement, ...check]);
      if (failure === undefined) return undefined;
      problem ??= failure;
    }
  }
  // One that violates a constraint was made; where a condition fails with an error, none was.
  const isError = problem !== undefined && !problem.sqlState.startsWith("23");
  if (isError && wish.row === 0 && (await insertOneByOne(session, members, unit, wish))) return undefined;
  return problem?.reason;
}

/** Tries combinations of values one by one: some may make a condition fail with an error, as a division by zero. */
async function insertOneByOne(
  session: Session,
  members: readonly FillableTable[],
  unit: Unit,
  wish: Pick<RowWish, "row" | "kind">,
): Promise<boolean> {
  for (const group of [0, 1, 2]) {
    for (let combination = 0; combination < SINGLES_TRIED; combination += 1) {
      const single = { group, combination };
      const statement = unitStatement(members, unit, { ...wish, avoidsTaken: false, attempt: 0, single });
      const failure = await attempt(session, [statement]);
      if (failure === undefined && (await emptyAmong(session, members)).length === 0) return true;
    }
  }
  return false;
}

/** NULL into each column of the last row that takes it, where a row with all of them does not go in. */
async function emptyColumns(session: Session, table: FillableTable | undefined, unit: Unit): Promise<void> {
  if (table === undefined) return;
  for (const column of table.columns.filter((each) => !each.isGenerated && isNullable(each, unit))) {
    const name = quoteName(column.name);
    await attempt(session, [
      `UPDATE ONLY ${table.sql} SET ${name} = NULL WHERE ctid = (SELECT max(ctid) FROM ONLY ${table.sql})`,
    ]);
  }
}

/** One statement for all tables of a unit: foreign keys are looked at when it ends. */
function unitStatement(members: readonly FillableTable[], unit: Unit, wish: RowWish): string {
  const inserts = members.map((table) => insertRow(table, unit, wish));
  const last = inserts.pop() ?? "";
  if (inserts.length === 0) return last;
  return `WITH ${inserts.map((insert, index) => `i${index} AS (${insert})`).join(", ")} ${last}`;
}

/** Runs statements, or none of them; why it failed. */
async function attempt(session: Session, statements: readonly string[]): Promise<StatementError | undefined> {
  try {
    await session.run([`SAVEPOINT ${ONE}_try`, ...statements, `RELEASE SAVEPOINT ${ONE}_try`].join(";\n"));
    return undefined;
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    await session.run(`ROLLBACK TO SAVEPOINT ${ONE}_try; RELEASE SAVEPOINT ${ONE}_try`);
    return error;
  }
}
