import { StatementError, type Session } from "../../database/index.ts";
import { askAgain, fillTables } from "../../scratch/index.ts";
import type { Seed } from "../commute/seed.ts";
import { SeedFailedError } from "../errors.ts";

/** The oid of each table, its name, and whether it holds rows. */
const TABLES = {
  name: "wellhead_tables",
  sql: `
SELECT oid::text, oid::regclass::text, pg_relation_size(oid) > 0 FROM pg_class
WHERE oid >= 16384 AND relkind IN ('r', 'p') AND relpersistence <> 't'`,
};

/** The rows that were put into a scratch database so that revisions meet some; committed, so that no lock is left of it. */
export class Seeds {
  readonly #session: Session;
  readonly #known = new Set<string>();
  readonly #filled = new Set<string>();
  readonly #unfilled = new Map<string, string>();
  #hasOwnRows = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Tables that could not be filled so far, with the reason. */
  get unfilled(): readonly { readonly table: string; readonly reason: string }[] {
    return [...this.#unfilled].map(([table, reason]) => ({ table, reason }));
  }

  /** Whether the rows are the project's own. */
  get hasOwnRows(): boolean {
    return this.#hasOwnRows;
  }

  /** Fills what is new since the last time, or was emptied; whether there was anything. */
  async fill(): Promise<boolean> {
    if (this.#hasOwnRows) return false;
    const tables = (await askAgain(this.#session, TABLES)) as readonly [string, string, boolean][];
    const toFill = tables.filter(([oid, , holdsRows]) =>
      this.#known.has(oid) ? this.#filled.has(oid) && !holdsRows : true,
    );
    if (toFill.length === 0) return false;
    const { filled, unfilled } = await fillTables(this.#session, { tables: toFill.map(([, name]) => name) });
    for (const [oid, name] of toFill) {
      this.#known.add(oid);
      if (filled.includes(name)) this.#filled.add(oid);
    }
    for (const { table, reason } of unfilled) this.#unfilled.set(table, reason);
    await this.#refreshViews();
    return true;
  }

  /**
   * Puts the project's own rows in the place of those that were made up, and makes up no more.
   *
   * @throws {SeedFailedError} `E_SEED`
   */
  async replaceBy({ path, text }: Seed): Promise<void> {
    await this.empty({ forGood: true });
    try {
      await this.#session.run(text);
      await this.#session.run(this.#session.resetSettings);
    } catch (error) {
      throw await SeedFailedError.of(path, text, error);
    }
    const tables = await this.#session.query<{ oid: string }>(
      "SELECT oid::text AS oid FROM pg_class WHERE oid >= 16384 AND relkind = 'r' AND pg_relation_size(oid) > 0 AND relnamespace <> 'pg_toast'::regnamespace",
    );
    for (const { oid } of tables) this.#filled.add(oid);
    this.#unfilled.clear();
    this.#hasOwnRows = true;
  }

  /** What materialized views hold comes from the tables. One that cannot be computed stays as it is. */
  async #refreshViews(): Promise<void> {
    const views = await this.#session.query<{ name: string }>(
      "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'm' AND relispopulated AND oid >= 16384 ORDER BY oid",
    );
    for (const { name } of views) {
      await this.#session.run(`REFRESH MATERIALIZED VIEW ${name}`).catch(passOverStatementErrors);
    }
  }

  /**
   * Takes the rows away again, to see whether something fails without them too. What revisions themselves put into
   * the same tables meanwhile goes with them. Where the project's own rows go for good, rows are made up again from then on.
   */
  async empty({ forGood }: { readonly forGood: boolean }): Promise<void> {
    if (forGood) this.#hasOwnRows = false;
    const [row] = await this.#session.query<{ tables: string | null }>(
      "SELECT string_agg(oid::regclass::text, ', ') AS tables FROM pg_class WHERE oid::text = ANY ($1)",
      [[...this.#filled]],
    );
    const tables = row?.tables ?? null;
    if (tables !== null) await this.#session.run(`TRUNCATE ${tables} CASCADE`);
  }
}

function passOverStatementErrors(error: unknown): void {
  if (!(error instanceof StatementError)) throw error;
}
