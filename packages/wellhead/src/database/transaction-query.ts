import type { Connection } from "pg";

import { StatementQuery } from "./statement-query.ts";

/** The messages of `pg` that its types leave out. */
type Messages = Connection & {
  parse(message: { readonly text: string }): void;
  bind(message: object): void;
  execute(message: object): void;
};

/** What `pg` calls of a query, and its types leave out as well. */
interface Steps {
  prepare(connection: Messages): void;
  handleCommandComplete(message: { readonly text: string }, connection: Messages): void;
}
const one = StatementQuery.prototype as unknown as Steps;

/**
 * One statement in a transaction of its own on its way through `pg`: what begins it, the statement and COMMIT go out
 * together, with one Sync behind them. So there is one answer to all, and after a failure the server skips what is left
 * of them: the transaction stays open, failed, for whoever rolls it back.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class TransactionQuery extends StatementQuery<readonly unknown[]> {
  readonly #begin: readonly string[];
  #complete = 0;
  #lastTag = "";

  constructor(begin: readonly string[], text: string, parameters: readonly unknown[]) {
    super(text, parameters, "array");
    this.#begin = begin;
  }

  /** Whether the server has said that it is committed. */
  get isCommitted(): boolean {
    return this.#lastTag === "COMMIT";
  }

  prepare(connection: Messages): void {
    for (const text of this.#begin) send(connection, text);
    one.prepare.call(this, connection);
  }

  /** Called where the statement's own messages end. */
  _getRows(connection: Messages): void {
    connection.execute({});
    send(connection, "COMMIT");
    connection.sync();
  }

  handleCommandComplete(message: { readonly text: string }, connection: Messages): void {
    const isStatement = this.#complete === this.#begin.length;
    this.#complete += 1;
    this.#lastTag = message.text;
    if (isStatement) one.handleCommandComplete.call(this, message, connection);
  }
}

/** A statement without parameters and rows, which needs no Sync of its own. */
function send(connection: Messages, text: string): void {
  connection.parse({ text });
  connection.bind({});
  connection.execute({});
}
