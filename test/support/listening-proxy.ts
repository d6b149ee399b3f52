import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import { onTestFinished } from "vitest";

/** What went over the wire once the server had taken the client in. */
export interface Heard {
  /** How often the server was done with what it was asked, and said so. */
  readonly roundTrips: number;
  /** How often the client asked when it had the answers to all before: what it costs on a slow network. */
  readonly waits: number;
  /** The client's messages after the start, each as its letter and its text. */
  readonly asked: readonly string[];
}

/**
 * A URL that leads to the same database through a proxy that counts what is asked and answered. It goes with the test.
 * Answers take `answerMs`, by default no time, as on a slow network.
 */
export async function listenOn(
  url: string,
  { answerMs = 0 }: { readonly answerMs?: number } = {},
): Promise<{ readonly url: string; readonly heard: () => Heard; readonly forget: () => void }> {
  const target = new URL(url);
  let readies = 0;
  let connections = 0;
  let asked: string[] = [];
  let waits = 0;
  const proxy = createServer((client) => {
    connections += 1;
    const server = connect(Number(target.port), target.hostname);
    let unanswered = 1;
    const ask = messages({ hasType: false }, (text) => {
      asked.push(text);
      if (!/^[QS]/.test(text)) return;
      if (unanswered === 0) waits += 1;
      unanswered += 1;
    });
    const answer = messages({ hasType: true }, (text) => {
      if (!text.startsWith("Z")) return;
      readies += 1;
      unanswered -= 1;
    });
    pipeThrough(client, server, ask, 0);
    pipeThrough(server, client, answer, answerMs);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const through = new URL(url);
  through.port = String((proxy.address() as AddressInfo).port);
  through.searchParams.set("sslmode", "disable");
  return {
    url: through.href,
    // The first word of each session that it is ready belongs to connecting.
    heard: () => ({ roundTrips: readies - connections, waits, asked: [...asked] }),
    forget: () => {
      readies = 0;
      waits = 0;
      connections = 0;
      asked = [];
    },
  };
}

function pipeThrough(from: Socket, to: Socket, listen: (chunk: Buffer) => void, delayMs: number): void {
  const pass = (chunk: Buffer): void => {
    listen(chunk);
    to.write(chunk);
  };
  from.on("data", (chunk) => {
    if (delayMs === 0) pass(chunk);
    else setTimeout(pass, delayMs, chunk);
  });
  from.on("close", () => to.destroy());
  from.on("error", () => to.destroy());
}

/**
 * Cuts a stream of the protocol into messages: a letter, a length that counts itself, a body. A client's first message
 * has no letter; it is passed over, as are passwords and goodbyes, for which nobody waits.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function messages({ hasType }: { hasType: boolean }, take: (text: string) => void): (chunk: Buffer) => void {
  let left = Buffer.alloc(0);
  let isFirst = !hasType;
  return (chunk) => {
    left = Buffer.concat([left, chunk]);
    for (;;) {
      const head = isFirst ? 0 : 1;
      if (left.length < head + 4) return;
      const length = head + left.readInt32BE(head);
      if (left.length < length) return;
      const text = left.toString("utf8", 0, length);
      if (!isFirst && !text.startsWith("p") && !text.startsWith("X")) take(text);
      left = left.subarray(length);
      isFirst = false;
    }
  };
}
