import type { PGlite } from "@electric-sql/pglite";

import type { PostgresExchange } from "./postgres-exchange.ts";

/**
 * A PGlite and what becomes of it. Where a real server process would die, as when recursion overflows the stack,
 * PGlite swallows the exception, leaves the call without an answer and goes on in whatever state it is in. Here it
 * counts as a crash: the call fails, and the next one meets a new instance that has recovered from the files, as
 * after a kill.
 */
export class EmbeddedPostgres implements PostgresExchange {
  readonly #start: () => Promise<PGlite>;
  #pglite: PGlite | undefined;
  #crash: Error | undefined;

  /** `start` makes the instance, and makes it anew after a crash. */
  constructor(start: () => Promise<PGlite>) {
    this.#start = start;
  }

  async start(): Promise<void> {
    if (this.#pglite !== undefined) return;
    const pglite = await this.#start();
    this.#watch(pglite);
    this.#crash = undefined;
    this.#pglite = pglite;
  }

  async exchange(messages: Buffer): Promise<Buffer> {
    if (this.#pglite === undefined) throw this.#crash ?? new Error("the embedded Postgres is closed");
    const answers: Buffer[] = [];
    // The bytes lie in PGlite's memory, which it uses again.
    const onRawData = (bytes: Uint8Array) => void answers.push(Buffer.from(bytes));
    await this.#pglite.execProtocolRawStream(messages, { onRawData });
    if (this.#crash === undefined) return Buffer.concat(answers);
    this.#abandon(this.#pglite);
    throw this.#crash;
  }

  /** An archive of the data folder: what is committed, nothing else. No transaction may be open. */
  async dump(): Promise<Blob> {
    if (this.#pglite === undefined) throw this.#crash ?? new Error("the embedded Postgres is closed");
    return await this.#pglite.dumpDataDir("none");
  }

  async close(): Promise<void> {
    const pglite = this.#pglite;
    this.#pglite = undefined;
    await pglite?.close();
  }

  /** Takes note of exceptions on their way through PGlite; its status 100 is Postgres' own way of reporting an error. */
  #watch(pglite: PGlite): void {
    const module = pglite.Module;
    const mainLoopOnce = module._PostgresMainLoopOnce.bind(module);
    module._PostgresMainLoopOnce = () => {
      try {
        mainLoopOnce();
      } catch (error) {
        if ((error as { readonly status?: unknown }).status !== 100) this.#crash ??= crashOf(error);
        throw error;
      }
    };
  }

  /** Ends an instance without closing it, which would write out what it holds in memory. */
  #abandon(pglite: PGlite): void {
    this.#pglite = undefined;
    try {
      pglite.Module._emscripten_force_exit(0);
    } catch {
      // It always throws: that is how it leaves.
    }
  }
}

/** An error without PGlite's own, which drags 400 kB of minified source into a crash report. */
function crashOf(error: unknown): Error {
  return new Error(
    `the embedded Postgres has crashed (${error instanceof Error ? error.message : String(error)})`,
  );
}
