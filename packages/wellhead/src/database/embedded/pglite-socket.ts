import { Duplex } from "node:stream";

import type { PostgresExchange } from "./postgres-exchange.ts";

/**
 * The socket through which `pg` speaks to PGlite in this process: messages of Postgres' protocol in, answers
 * out. So sessions, values and errors are the same as a server's.
 */
export class PgliteSocket extends Duplex {
  readonly #postgres: PostgresExchange;

  constructor(postgres: PostgresExchange) {
    super({ allowHalfOpen: false });
    this.#postgres = postgres;
  }

  /** What `pg` calls on a socket. There is nowhere to connect to. */
  connect(): this {
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed as they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    void this.#exchange(chunk, done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error) => void): void {
    void this.#exchange(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  async #exchange(messages: Buffer, done: (error?: Error) => void): Promise<void> {
    try {
      const answer = withoutCopyIn(await this.#postgres.exchange(withCopyFail(messages)));
      if (answer.length > 0) this.push(answer);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/**
 * Says "no data" in advance. COPY FROM stdin makes Postgres wait for the client's next message; PGlite has only what
 * came with the call, and would spin for ever. Anywhere else Postgres ignores CopyFail.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
function withCopyFail(messages: Buffer): Buffer {
  // The startup message has no type, and its length begins with 0.
  if (messages[0] === 0) return messages;
  return rebuild(messages, (type, message) => {
    if (type === "Q") return [message, copyFail];
    // Before Sync, which COPY ignores while it waits.
    return type === "S" ? [copyFail, message] : [message];
  });
}

/** Without CopyInResponse: it is a question that has been answered already. */
function withoutCopyIn(answer: Buffer): Buffer {
  // The first answer to a startup message and all later ones are typed messages.
  return rebuild(answer, (type, message) => (type === "G" ? [] : [message]));
}

/** Each message is a type, a length that counts itself, and the rest. */
function rebuild(messages: Buffer, replace: (type: string, message: Buffer) => readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < messages.length) {
    const end = at + 1 + messages.readUInt32BE(at + 1);
    parts.push(...replace(String.fromCharCode(messages[at] ?? 0), messages.subarray(at, end)));
    at = end;
  }
  return Buffer.concat(parts);
}

const copyFail: Buffer = makeCopyFail("no data comes with a statement");

function makeCopyFail(reason: string): Buffer {
  const body = Buffer.from(`${reason}\0`);
  const head = Buffer.from("f\0\0\0\0");
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}
