import { createServer, connect, type AddressInfo, type Socket } from "node:net";

/** A script or a statement of a client, as it passes through. */
export interface ClientMessage {
  readonly sql: string;
}

/** How a connection is cut: before the server gets the message, right behind it, or when the server has answered and the client has not heard. */
export type Cut = "before" | "behind" | "answer";

/** What becomes of a message: it passes, or the connection is cut at it. */
export type Watch = (message: ClientMessage) => Cut | undefined;

/** A TCP proxy in front of a server, that reads what clients send and can cut their connections. */
export interface CuttingProxy {
  through(url: string): string;
  close(): Promise<void>;
}

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
export async function startCuttingProxy(server: string, watch: Watch): Promise<CuttingProxy> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    }
    pass(client, upstream, watch);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    through: (url) => {
      const proxied = new URL(url);
      proxied.port = String((proxy.address() as AddressInfo).port);
      return proxied.href;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

function pass(client: Socket, upstream: Socket, watch: Watch): void {
  let isAnswerKept = false;
  const cut = (): void => {
    client.destroy();
    upstream.destroy();
  };
  const split = messageSplitter();
  client.on("data", (chunk) => {
    for (const { bytes, message } of split(chunk)) {
      const how = message === undefined ? undefined : watch(message);
      if (how === "before") return cut();
      upstream.write(bytes);
      // An end that is not abrupt, so that what was written still arrives.
      if (how === "behind") {
        upstream.end();
        return void client.destroy();
      }
      if (how === "answer") isAnswerKept = true;
    }
  });
  upstream.on("data", (chunk) => {
    if (isAnswerKept) return cut();
    client.write(chunk);
  });
  client.on("close", () => upstream.destroy());
  upstream.on("close", () => client.destroy());
}

interface Piece {
  readonly bytes: Buffer;
  readonly message: ClientMessage | undefined;
}

/** Takes a client's stream apart. The messages before the session is open have no letter. */
function messageSplitter(): (chunk: Buffer) => Iterable<Piece> {
  let left = Buffer.alloc(0);
  let isOpen = false;
  return function* (chunk) {
    left = Buffer.concat([left, chunk]);
    for (;;) {
      const head = isOpen ? 1 : 0;
      if (left.length < head + 4) return;
      const length = head + left.readInt32BE(head);
      if (left.length < length) return;
      const bytes = left.subarray(0, length);
      left = left.subarray(length);
      yield { bytes, message: isOpen ? read(bytes) : undefined };
      // Behind an SSLRequest (80877103) or a GSSENCRequest (80877104) the startup message follows.
      if (!isOpen) isOpen = ![80877103, 80877104].includes(bytes.readInt32BE(4));
    }
  };
}

/** Query has the SQL; Parse has the name of the prepared statement before it. Other messages carry none. */
function read(bytes: Buffer): ClientMessage | undefined {
  const type = String.fromCharCode(bytes[0] ?? 0);
  const index = { Q: 0, P: 1 }[type];
  return index === undefined
    ? undefined
    : { sql: bytes.subarray(5).toString("utf8").split("\0")[index] ?? "" };
}
