import { Query, type Connection, type QueryConfig, type QueryResult } from "pg";

/** A connection of `pg` with the message that its types leave out. */
export type CopyConnection = Connection & { sendCopyFail(reason: string): void };

/** How the rows come: by column name, or as lists. */
export type RowMode = "object" | "array";

/**
 * One statement on its way through `pg`: always the extended protocol, which takes exactly one, and always unnamed,
 * because behind a pooler the next statement may reach another server process.
 */
export class StatementQuery<R> extends Query {
  /** Settled with the rows when the server has answered. */
  readonly answer: Promise<readonly R[]>;

  constructor(text: string, parameters: readonly unknown[], rowMode: RowMode) {
    const { promise, resolve, reject } = Promise.withResolvers<readonly R[]>();
    // pg knows queryMode and rowMode here, its types do not.
    const config: QueryConfig & { readonly queryMode: "extended"; readonly rowMode?: "array" } = {
      text,
      values: [...parameters],
      queryMode: "extended",
      ...(rowMode === "array" && { rowMode }),
    };
    super(config, (error: unknown, result: QueryResult) => {
      if (error === null) resolve(result.rows as readonly R[]);
      else reject(error);
    });
    this.answer = promise;
  }

  /** Nothing can be copied from here. pg's own answer lacks the Sync that the server then waits for, for ever. */
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFail("no data comes with a statement");
    connection.sync();
  }
}
