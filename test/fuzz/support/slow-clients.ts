import { connect } from "node:net";

export interface SlowClients {
  /** Waits until the server has closed them all, or the time is up; how many are left. */
  untilClosed(timeoutMs: number): Promise<number>;
}

const EVERY_MS = 1_000;
const BEGINNINGS = [
  "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
  "POST /auth/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{",
  "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
  "",
];

/** Opens connections whose requests never end: a byte a second, of a head, a body, or nothing at all. */
export function openSlowClients(port: number, count: number): SlowClients {
  const open = new Set(
    Array.from({ length: count }, (_, index) => {
      const beginning = BEGINNINGS[index % BEGINNINGS.length] ?? "";
      const socket = connect(port, "127.0.0.1", () => socket.write(beginning));
      const drip = setInterval(() => {
        if (beginning !== "") socket.write(beginning.includes("chunked") ? "1\r\nx\r\n" : "x");
      }, EVERY_MS);
      const gone = (): void => {
        clearInterval(drip);
        open.delete(socket);
      };
      socket.on("error", gone).on("close", gone).resume();
      return socket;
    }),
  );
  return {
    untilClosed: async (timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      while (open.size > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const left = open.size;
      for (const socket of open) socket.destroy();
      return left;
    },
  };
}
