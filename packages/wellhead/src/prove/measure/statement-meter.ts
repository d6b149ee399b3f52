import { StatementError, type Row, type Session } from "../../database/index.ts";
import type { LockMode, SqlStatement } from "../../revisions/index.ts";
import { effectOf, type Effect } from "./effect.ts";
import type { KnownRelations } from "./outside-effect.ts";
import { losesValues, valuesBefore } from "./lossy-casts.ts";
import {
  readCounters,
  readRelations,
  readTouched,
  type Counters,
  type DroppedRelation,
  type Relation,
  type TouchedRelation,
} from "./relation.ts";
import { contains, isPlanned, isTransactionSetting, nodeOf } from "./statement-kind.ts";

/** A statement to measure. */
export interface MeterStatement {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  readonly tree: SqlStatement["tree"];
}

/** What it did, or why it failed; then nothing is left of it. */
export type MeterReading =
  | { readonly kind: "done"; readonly effect: Effect; readonly rows: readonly Row[] }
  | { readonly kind: "failed"; readonly error: StatementError };

/**
 * Runs statements one by one and looks at what each does. A lock is held to the end of its transaction and hides the
 * next one of its kind, so each statement gets a transaction of its own, in which SET LOCAL of those before it holds.
 */
export class StatementMeter {
  readonly #session: Session;
  readonly #initial: ReadonlySet<string>;
  #existing: ReadonlyMap<string, Relation> = new Map();
  #before = new Map<string, Relation>();
  #held: ReadonlyMap<string, readonly LockMode[]> = new Map();
  #counted: ReadonlyMap<string, Counters> = new Map();
  #settings: string[] = [];
  #isStale = true;
  /** All that follows runs in one transaction. */
  #isJoined = false;

  /** `initial`: the oids of the relations that were there before the first pending revision. */
  constructor(session: Session, initial: ReadonlySet<string>) {
    this.#session = session;
    this.#initial = initial;
  }

  /** The relations that are there now, and since when. */
  get known(): KnownRelations {
    return {
      relations: [...this.#before.values()],
      isOld: ({ oid }) => this.#existing.has(oid),
      isInitial: ({ oid }) => this.#initial.has(oid),
    };
  }

  /** Begins a revision: what is there now is what its statements meet. */
  async startRevision(): Promise<void> {
    if (this.#isStale) await this.refresh();
    this.#existing = new Map(this.#before);
    this.#settings = [];
  }

  /** To be called when somebody else has changed relations, between two revisions. */
  forget(): void {
    this.#isStale = true;
  }

  /** Ends it, and the transaction that it was joined into. */
  async endRevision(): Promise<void> {
    const session = this.#session;
    // What fails at the end of the transaction is known from the revision as a whole.
    if (this.#isJoined) await session.run("COMMIT").catch(passOverStatementErrors);
    this.#isJoined = false;
    await session.run(`${session.resetSettings};\nDISCARD TEMP`);
  }

  /** Puts what follows into one transaction, for statements that need each other there. */
  async join(): Promise<void> {
    if (this.#isJoined) return;
    await this.#begin();
    this.#isJoined = true;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** The same, within a revision. */
  async refresh(): Promise<void> {
    this.#before = await readRelations(this.#session);
    this.#isStale = false;
  }

  async measure(statement: MeterStatement): Promise<MeterReading> {
    if (!this.#isJoined) await this.#begin();
    else await this.#session.run(`SAVEPOINT ${SAVEPOINT}`);
    try {
      const { reading, touched } = await this.#run(statement);
      await this.#commit();
      this.#remember(touched);
      if (isTransactionSetting(statement.tree)) this.#settings.push(statement.sql);
      return reading;
    } catch (error) {
      if (!(error instanceof StatementFailed)) throw error;
      await this.#session.run(this.#isJoined ? `ROLLBACK TO SAVEPOINT ${SAVEPOINT}` : "ROLLBACK");
      return { kind: "failed", error: error.cause };
    }
  }

  /** What a statement has put off to the end of its transaction fails here. */
  async #commit(): Promise<void> {
    try {
      await this.#session.run(this.#isJoined ? `RELEASE SAVEPOINT ${SAVEPOINT}` : "COMMIT");
    } catch (error) {
      if (error instanceof StatementError) throw new StatementFailed(error);
      throw error;
    }
  }

  async #begin(): Promise<void> {
    await this.#session.run(["BEGIN", ...this.#settings].join(";"));
    this.#held = new Map();
    this.#counted = await readCounters(this.#session);
  }

  async #run(
    statement: MeterStatement,
  ): Promise<{ readonly reading: MeterReading; readonly touched: readonly Touched[] }> {
    const { sql, parameters, tree } = statement;
    const values = await valuesBefore(this.#session, tree);
    if (values !== undefined) this.#counted = await readCounters(this.#session);
    const planned = isPlanned(tree);
    // Tables are small here: without this an index would never be used, and each UPDATE would look like a scan.
    if (planned) await this.#session.run("SET LOCAL enable_seqscan = off");
    let rows: readonly Row[];
    try {
      rows =
        parameters === undefined ? await this.#runScript(sql) : await this.#session.query(sql, parameters);
    } catch (error) {
      if (error instanceof StatementError) throw new StatementFailed(error);
      throw error;
    }
    const touched = await readTouched(this.#session);
    const effect = effectOf(touched, {
      initial: this.#initial,
      existing: this.#existing,
      before: this.#before,
      held: this.#held,
      counted: this.#counted,
      keepsRows: ["AlterTableStmt", "ClusterStmt"].includes(nodeOf(tree).name),
    });
    const scans = planned ? await this.#readThroughIndexes(touched) : [];
    const dataLoss =
      (effect.dataLoss && nodeOf(tree).name !== "UpdateStmt") ||
      deletes(tree, effect) ||
      (values !== undefined && (await losesValues(this.#session, values)));
    if (planned && this.#isJoined) await this.#session.run("SET LOCAL enable_seqscan = on");
    const allScans = [...new Set([...effect.scans, ...scans])].toSorted();
    const reading: MeterReading = { kind: "done", rows, effect: { ...effect, scans: allScans, dataLoss } };
    return { reading, touched };
  }

  async #runScript(sql: string): Promise<readonly Row[]> {
    await this.#session.run(sql);
    return [];
  }

  /** Tables of which an index gave every row: that is reading all of it, too. */
  async #readThroughIndexes(touched: readonly Touched[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const each of touched) {
      if (each.name === null || each.kind !== "r" || !this.#existing.has(each.oid)) continue;
      const fetched = each.rowsFetched - (this.#counted.get(each.oid)?.rowsFetched ?? 0);
      if (fetched < 2) continue;
      const [row] = await this.#session.query<{ all: boolean }>(
        `SELECT count(*) <= $1::int AS "all" FROM (SELECT FROM ONLY ${each.name} LIMIT $1::int + 1) AS found`,
        [fetched],
      );
      if (row?.all === true) found.push(each.name);
    }
    return found;
  }

  #remember(touched: readonly Touched[]): void {
    for (const each of touched) {
      if (each.name === null) this.#before.delete(each.oid);
      else this.#before.set(each.oid, each);
    }
    if (!this.#isJoined) return;
    this.#held = new Map(touched.map(({ oid, modes }) => [oid, modes]));
    const counted = touched.flatMap((each) => (each.name === null ? [] : [[each.oid, each] as const]));
    this.#counted = new Map([...this.#counted, ...counted]);
  }
}

type Touched = TouchedRelation | DroppedRelation;

/** The statement itself failed, and not a question of ours about it. */
class StatementFailed extends Error {
  override readonly cause: StatementError;

  constructor(cause: StatementError) {
    super(cause.message);
    this.cause = cause;
  }
}

const SAVEPOINT = "wellhead_statement";

/** Whether rows that were there before are deleted, though none of those here may be. */
function deletes(tree: SqlStatement["tree"], { locks }: Effect): boolean {
  const mayDelete =
    contains(tree, "DeleteStmt") ||
    contains(tree, "TruncateStmt") ||
    JSON.stringify(tree).includes('"CMD_DELETE"');
  return locks.length > 0 && mayDelete;
}

function passOverStatementErrors(error: unknown): void {
  if (!(error instanceof StatementError)) throw error;
}
