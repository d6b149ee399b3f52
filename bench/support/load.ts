import { Agent, request } from "node:http";

/** An answer, read to its end. */
interface LoadAnswer {
  readonly status: number;
  readonly durationMs: number;
}

/** Connections that are kept open, for many requests of little work each. */
export interface Connections {
  post(path: string, body: object): Promise<LoadAnswer>;
  get(path: string): Promise<LoadAnswer>;
  close(): void;
}

/** Opens connections to a server as they are needed, at most so many. */
export function openConnections(url: string, count: number): Connections {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const send = async (method: string, path: string, body?: string): Promise<LoadAnswer> =>
    await new Promise((resolve, reject) => {
      const start = performance.now();
      const headers =
        body === undefined
          ? {}
          : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
      const sent = request(new URL(path, url), { agent, method, headers }, (answer) => {
        answer.resume();
        answer.once("error", reject);
        answer.once("end", () => {
          if (answer.complete)
            resolve({ status: answer.statusCode ?? 0, durationMs: performance.now() - start });
          else reject(new Error("the answer was cut off"));
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  return {
    post: async (path, body) => await send("POST", path, JSON.stringify(body)),
    get: async (path) => await send("GET", path),
    close: () => agent.destroy(),
  };
}
