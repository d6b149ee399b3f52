import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP link to a server that a test can cut, silence and mend: a network as it is. */
export interface BreakableLink {
  /** The server's URL, by way of the link. */
  readonly url: string;
  /** Cuts every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Lets nothing through any more, without a word to either side. */
  silence(): void;
  /** Works again, for new connections. */
  mend(): Promise<void>;
}

export async function linkTo(serverUrl: string): Promise<BreakableLink> {
  const { hostname, port: serverPort } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const link = createServer((client) => {
    const server = connect(Number(serverPort), hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  link.listen(0, "127.0.0.1");
  await once(link, "listening");
  const { port } = link.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return {
    url: url.href,
    cut: async () => {
      const closed = once(link, "close");
      link.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    silence: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend: async () => {
      if (link.listening) return;
      link.listen(port, "127.0.0.1");
      await once(link, "listening");
    },
  };
}
