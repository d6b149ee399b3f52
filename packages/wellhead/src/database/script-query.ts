import { Query } from "pg";

import type { CopyConnection } from "./statement-query.ts";

/**
 * A script on its way through `pg`: one message of the simple protocol, rows let go, statements counted. `pg` calls
 * the `handle…` methods as the server's messages come in, as it does for `pg-cursor`.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export class ScriptQuery extends Query {
  /** Settled when the server has done all of it or refused a statement. */
  readonly done: Promise<void>;
  /** What is sent. */
  declare readonly text: string;
  /** The tag of the last statement that is complete, such as `COMMIT` or `INSERT 0 1`. */
  lastTag = "";
  #complete = 0;
  readonly #prologue: string;
  readonly #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  /** `prologue` is a statement to send in front of the script, in the same message. */
  constructor(script: string, prologue?: string) {
    const ours = prologue === undefined ? "" : `${prologue};`;
    super({ text: ours + script });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#prologue = ours;
    this.#settle = { resolve, reject };
  }

  /** How many statements of the script, without the prologue, the server has reported as complete. */
  get statementsDone(): number {
    return this.#prologue === "" ? this.#complete : Math.max(this.#complete - 1, 0);
  }

  /** How long the prologue is, which the server counts in positions. */
  get prologueLength(): number {
    return this.#prologue.length;
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#complete += 1;
    this.lastTag = message.text;
  }

  handleCopyInResponse(connection: CopyConnection): void {
    // A script has no second stream to copy from; unanswered, the server would wait for ever.
    connection.sendCopyFail("no data comes with a script");
  }

  handleReadyForQuery(): void {
    this.#settle.resolve();
  }

  handleError(error: unknown): void {
    this.#settle.reject(error);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
}
