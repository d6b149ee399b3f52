import { Socket } from "node:net";

import type { Client } from "pg";

import { ConnectionLostError, TransactionAbortedError } from "./errors.ts";
import { ScriptQuery } from "./script-query.ts";
import { resetSettings, type SearchPath } from "./search-path.ts";
import type { Row } from "./session.ts";
import { connectionLost, statementFailure, type RunContext } from "./statement-failure.ts";
import { StatementQuery, type RowMode } from "./statement-query.ts";
import { TransactionQuery } from "./transaction-query.ts";

const GOODBYE_MS = 2_000;

/** How many scripts may be on their way at once. */
const SENT_AHEAD = 16;

/**
 * One connection that is open, in our terms: statements one after the other in the order they were asked for, our
 * own errors, and what became of it when it broke. The client may reach a server or the embedded Postgres.
 */
export class PgConnection {
  readonly resetSettings: string;
  readonly #client: Client;
  /** A statement to run at the start of every transaction, those of single statements included. */
  readonly #eachTransaction: string | undefined;
  #lost: Error | undefined;
  #whenLost: () => void = () => undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** How much waits in `#last` for its turn, or has it. */
  #turns = 0;
  #mayLag = false;

  constructor(client: Client, searchPath: SearchPath = { kind: "default" }) {
    this.#client = client;
    this.resetSettings = resetSettings(searchPath);
    if (searchPath.kind === "transaction") this.#eachTransaction = searchPath.statement;
    // Without a listener a connection that breaks while nobody uses it would end the process.
    client.on("error", (error) => this.#lose(error));
    client.on("end", () => this.#lose(new Error("it was closed")));
  }

  /** Whether the connection is gone. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Calls `listener` when the connection breaks or is closed. */
  whenLost(listener: () => void): void {
    this.#whenLost = listener;
  }

  async query<R extends Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly R[]> {
    return await this.#statement<R>(sql, parameters, "object");
  }

  async queryArrays(
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly (readonly unknown[])[]> {
    return await this.#statement<readonly unknown[]>(sql, parameters, "array");
  }

  /** Runs a script; gives the tag of its last statement. */
  async run(script: string): Promise<string> {
    if (this.#mustWait) return await this.#inTurn(async () => await this.#runWithPrologue(script));
    return await this.#atOnce(this.#runScript(script));
  }

  /** Runs scripts in their order and tells of each that is done; see `Session`. */
  async runAll<R extends Row>(
    scripts: Iterable<string>,
    onDone: (index: number) => void,
    question?: string,
  ): Promise<readonly R[]> {
    return await this.#inTurn(async () => {
      const isSafeAhead = this.#client.pipeline && (await this.#status()) === "T";
      const behind = async (): Promise<readonly R[]> =>
        question === undefined ? [] : await this.#ask<R>(question, [], "object");
      return await this.#runAhead(scripts, isSafeAhead ? SENT_AHEAD : 1, onDone, behind);
    });
  }

  /** Runs one statement in a transaction of its own, which `settings` are for as well; resolves after COMMIT. */
  async write(
    sql: string,
    parameters: readonly unknown[],
    settings: readonly string[],
  ): Promise<readonly (readonly unknown[])[]> {
    return await this.#inTurn(async () => {
      const begin = [
        "BEGIN",
        ...(this.#eachTransaction === undefined ? [] : [this.#eachTransaction]),
        ...settings,
      ];
      try {
        return await (this.#client.pipeline
          ? this.#writeAtOnce(begin, sql, parameters)
          : this.#writeStepByStep(begin, sql, parameters));
      } catch (error) {
        await this.#runScript("ROLLBACK").catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Where the session stands after all that was asked of it, as Postgres' ReadyForQuery says: `I` idle, `T` in a
   * transaction, `E` in one that has failed; `undefined` when the connection is gone.
   */
  async transactionStatus(): Promise<"I" | "T" | "E" | undefined> {
    return await this.#inTurn(async () => await this.#status());
  }

  /**
   * Ends it; never throws. A server closes the session as soon as it reads our goodbye, so its own is not waited for,
   * and after two seconds without one the connection is cut.
   */
  async end(): Promise<void> {
    const { stream } = this.#client.connection;
    const cut = setTimeout(() => stream.destroy(), GOODBYE_MS).unref();
    const ended = this.#client
      .end()
      .catch(() => undefined)
      .finally(() => clearTimeout(cut));
    // The embedded Postgres has no socket, and answers at once.
    if (stream instanceof Socket) stream.unref();
    else await ended;
  }

  /** Cuts it without a goodbye, for a server that does not answer; what is under way fails with `reason`. */
  cut(reason: string): void {
    this.#lose(new Error(reason));
    this.#client.connection.stream.destroy();
  }

  /** Whether what comes next can be sent only when the answers to all before are here. */
  get #mustWait(): boolean {
    return this.#eachTransaction !== undefined || !this.#client.pipeline || this.#turns > 0;
  }

  /** Does work that has to know where the session stands, or that is several messages, when all before is answered. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#turns += 1;
    const result = this.#last.then(work).finally(() => {
      this.#turns -= 1;
    });
    this.#last = result.catch(() => undefined);
    return await result;
  }

  /** Takes note of what was sent without waiting: the server answers in the order in which it is asked. */
  async #atOnce<T>(sent: Promise<T>): Promise<T> {
    this.#last = Promise.allSettled([this.#last, sent]);
    return await sent;
  }

  async #statement<R>(text: string, parameters: readonly unknown[], rowMode: RowMode): Promise<readonly R[]> {
    const ask = async (): Promise<readonly R[]> => await this.#ask<R>(text, parameters, rowMode);
    if (this.#mustWait) return await this.#inTurn(async () => await this.#inItsTransaction(ask));
    return await this.#atOnce(ask());
  }

  async #ask<R>(text: string, parameters: readonly unknown[], rowMode: RowMode): Promise<readonly R[]> {
    const work = async () =>
      await this.#client.query(new StatementQuery<R>(text, parameters, rowMode)).answer;
    return await this.#attempt(work, () => ({ text, statementsDone: 0 }));
  }

  async #writeAtOnce(
    begin: readonly string[],
    text: string,
    parameters: readonly unknown[],
  ): Promise<readonly (readonly unknown[])[]> {
    const query = new TransactionQuery(begin, text, parameters);
    try {
      const rows = await this.#attempt(
        async () => await this.#client.query(query).answer,
        () => ({ text, statementsDone: 0 }),
      );
      if (!query.isCommitted) throw new TransactionAbortedError();
      return rows;
    } catch (error) {
      // COMMIT was on its way with all the rest.
      if (!(error instanceof ConnectionLostError)) throw error;
      const { reason, sqlState, cause } = error;
      throw new ConnectionLostError(reason, { sqlState, duringCommit: true, cause });
    }
  }

  async #writeStepByStep(
    begin: readonly string[],
    text: string,
    parameters: readonly unknown[],
  ): Promise<readonly (readonly unknown[])[]> {
    await this.#runScript(begin.join(";"));
    const rows = await this.#ask<readonly unknown[]>(text, parameters, "array");
    if ((await this.#runScript("COMMIT")) !== "COMMIT") throw new TransactionAbortedError();
    return rows;
  }

  async #attempt<T>(work: () => Promise<T>, sent: () => Omit<RunContext, "lost">): Promise<T> {
    if (this.#lost !== undefined) throw connectionLost(this.#lost);
    try {
      const result = await work();
      this.#mayLag = false;
      return result;
    } catch (error) {
      this.#mayLag = true;
      const failure = statementFailure(error, { ...sent(), lost: this.#lost });
      if (failure instanceof ConnectionLostError) this.#lose(failure);
      throw failure;
    }
  }

  /** A prologue travels in front, in the implicit transaction of a script; it is counted neither as a statement nor in positions. */
  async #runScript(script: string, prologue?: string): Promise<string> {
    const query = new ScriptQuery(script, prologue);
    const work = async () => {
      this.#client.query(query);
      await query.done;
      return query.lastTag;
    };
    // Getters do not travel with a spread, so the facts are named.
    return await this.#attempt(work, () => ({
      text: query.text,
      prologueLength: query.prologueLength,
      statementsDone: query.statementsDone,
    }));
  }

  async #runWithPrologue(script: string): Promise<string> {
    return await this.#runScript(
      script,
      (await this.#beginsTransaction()) ? this.#eachTransaction : undefined,
    );
  }

  async #runAhead<T>(
    scripts: Iterable<string>,
    ahead: number,
    onDone: (index: number) => void,
    behind: () => Promise<T>,
  ): Promise<T> {
    const underWay: Promise<unknown>[] = [];
    let last: Promise<T> | undefined;
    let done = 0;
    const takeFirst = async (): Promise<void> => {
      await underWay[0];
      void underWay.shift();
      onDone(done);
      done += 1;
    };
    try {
      for (const script of scripts) {
        if (underWay.length === ahead) await takeFirst();
        // Inside a transaction, where alone they go ahead, no script has a prologue.
        const answer = ahead === 1 ? this.#runWithPrologue(script) : this.#runScript(script);
        // One that was sent ahead may fail while an earlier one is awaited.
        answer.catch(() => undefined);
        underWay.push(answer);
      }
      if (ahead === 1) while (underWay.length > 0) await takeFirst();
      last = behind();
      last.catch(() => undefined);
      while (underWay.length > 0) await takeFirst();
      return await last;
    } finally {
      await Promise.allSettled([...underWay, last]);
    }
  }

  /** A single statement cannot carry a prologue with it, so it gets a transaction for the two. */
  async #inItsTransaction<T>(work: () => Promise<T>): Promise<T> {
    if (!(await this.#beginsTransaction())) return await work();
    await this.#runScript("BEGIN", this.#eachTransaction);
    try {
      const result = await work();
      await this.#runScript("COMMIT");
      return result;
    } catch (error) {
      await this.#runScript("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  async #beginsTransaction(): Promise<boolean> {
    return this.#eachTransaction !== undefined && (await this.#status()) === "I";
  }

  async #status(): Promise<"I" | "T" | "E" | undefined> {
    // The driver reports an error before the server's ReadyForQuery, so its status may be the one before.
    if (this.#mayLag && !this.isLost) await this.#runScript("").catch(() => undefined);
    return this.isLost ? undefined : (this.#client.getTransactionStatus() ?? undefined);
  }

  #lose(error: Error): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    this.#whenLost();
  }
}
