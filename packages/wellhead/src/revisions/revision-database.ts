/**
 * What a `.ts` revision gets: the open transaction of its run. It cannot be ended from inside: COMMIT and its kin
 * are refused.
 *
 * @example
 * export async function upgrade(db: RevisionDatabase): Promise<void> {
 *   await db.run("alter table users add column initials text");
 *   for await (const rows of db.batches("select id, full_name from users", [], 1000)) {
 *     for (const row of rows) {
 *       await db.query("update users set initials = $2 where id = $1", [row["id"], initials(row)]);
 *     }
 *   }
 * }
 */
export interface RevisionDatabase {
  /** Runs a script of one or many statements. */
  run(sql: string): Promise<void>;
  /** Runs one statement with its parameters (`$1`, …) and gives its rows, none when it returns none. */
  query<R extends Record<string, unknown> = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly R[]>;
  /** The rows of a query in lists of up to `size`, so that a large table does not have to fit into memory. */
  batches<R extends Record<string, unknown> = Record<string, unknown>>(
    sql: string,
    parameters: readonly unknown[],
    size: number,
  ): AsyncIterable<readonly R[]>;
}
