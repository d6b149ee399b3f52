import { Worker } from "node:worker_threads";

import { WellheadError } from "../../wellhead-error.ts";
import { EmbeddedFailedError, StatementLimitError } from "./errors.ts";
import type { PostgresExchange } from "./postgres-exchange.ts";
import type { WorkerAnswer, WorkerRequest, WorkerStart } from "./worker-messages.ts";

/** How long a thread may run and who can end it. */
export interface WorkerPostgresOptions {
  /** How long an answer may take, in milliseconds. */
  readonly limitMs: number;
  /** Ends the thread when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/** Where the thread begins: the source as it stands, or what was built, which the bundled command line uses as well. */
const workerModule = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "../../../dist/database/embedded/worker.js",
  import.meta.url,
);

/**
 * An embedded Postgres in a thread of its own, in memory. It does not keep the process alive unless somebody waits
 * for an answer. When it has ended, by `close` or for taking too long, its data is gone.
 */
export class WorkerPostgres implements PostgresExchange {
  readonly #worker: Worker;
  readonly #options: WorkerPostgresOptions;
  readonly #started: Promise<Uint8Array>;
  #waiting: PromiseWithResolvers<Uint8Array> | undefined;
  #ended: Error | undefined;

  constructor(start: WorkerStart, options: WorkerPostgresOptions) {
    this.#options = options;
    // Flags of this process such as --input-type are nothing for a module in a file.
    this.#worker = new Worker(workerModule, { workerData: start, execArgv: [], name: "embedded Postgres" });
    this.#worker.on("message", (answer: WorkerAnswer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", () => this.#end(new Error("the thread of the embedded Postgres has ended")));
    options.signal?.addEventListener("abort", this.#abort);
    if (options.signal?.aborted === true) this.#abort();
    this.#started = this.#answer();
    this.#started.catch(() => undefined);
  }

  async start(): Promise<void> {
    try {
      await this.#started;
    } catch (error) {
      if (error instanceof WellheadError || this.#options.signal?.aborted === true) throw error;
      throw new EmbeddedFailedError(":memory:", error instanceof Error ? error.message : String(error));
    }
    if (this.#ended !== undefined) throw this.#ended;
  }

  async exchange(messages: Buffer): Promise<Buffer> {
    const timer = setTimeout(() => {
      this.#end(new StatementLimitError(statementIn(messages), this.#options.limitMs));
    }, this.#options.limitMs);
    try {
      return Buffer.from(await this.#ask({ kind: "exchange", messages }));
    } finally {
      clearTimeout(timer);
    }
  }

  /** An archive of the data folder with all that is committed. No transaction may be open. */
  async dump(): Promise<Uint8Array> {
    return await this.#ask({ kind: "dump" });
  }

  async close(): Promise<void> {
    this.#end(new Error("the embedded Postgres is closed"));
    await this.#worker.terminate();
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#options.signal?.reason;
    this.#end(reason instanceof Error ? reason : new Error(String(reason)));
  };

  async #ask(request: WorkerRequest): Promise<Uint8Array> {
    if (this.#ended !== undefined) throw this.#ended;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(request);
    return await this.#answer();
  }

  async #answer(): Promise<Uint8Array> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#waiting = Promise.withResolvers<Uint8Array>();
    this.#worker.ref();
    return await this.#waiting.promise;
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    if (answer.kind === "bytes") waiting?.resolve(answer.bytes);
    else waiting?.reject(new Error(answer.reason));
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    void this.#worker.terminate();
  }
}

/** The statement that a client sends: of a Query message its text, of the extended protocol that of its Parse. */
function statementIn(messages: Buffer): string {
  for (let at = 0; at + 5 <= messages.length; at += 1 + messages.readUInt32BE(at + 1)) {
    const type = String.fromCharCode(messages[at] ?? 0);
    const begin = type === "P" ? messages.indexOf(0, at + 5) + 1 : at + 5;
    if (type === "Q" || type === "P") return messages.toString("utf8", begin, messages.indexOf(0, begin));
  }
  return "";
}
