import { connect } from "node:net";

import type { HostileRequest } from "./hostile-request.ts";

/** How long a connection may take to its end; then the client closes it. */
const PATIENCE_MS = 8_000;

export interface Reply {
  /** All that came back. */
  readonly text: string;
  readonly statuses: readonly number[];
  readonly end: "closed" | "timeout" | "refused";
}

/** Sends the bytes on a connection of their own, to 127.0.0.1 and nowhere else, and reads until it is closed. */
export async function send(port: number, { bytes, abortAfter, answers }: HostileRequest): Promise<Reply> {
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let end: Reply["end"] = "closed";
    const socket = connect(port, "127.0.0.1");
    // Bytes that are no request leave the server waiting for more: that is its right, and not worth a wait.
    socket.setTimeout(answers === 0 ? 1_000 : PATIENCE_MS, () => {
      end = "timeout";
      socket.destroy();
    });
    socket.on("connect", () => {
      if (abortAfter === undefined) socket.write(bytes);
      else socket.write(bytes.subarray(0, abortAfter), () => socket.destroy());
    });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") end = "refused";
    });
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString("latin1");
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ text, statuses: statuses.filter((status) => status !== 100), end });
    });
  });
}
