import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { WellheadError } from "wellhead";
import { answerExpectation, answerUnparsable, answerUnreadable } from "./unreadable.ts";

/** The port cannot be listened on. */
class PortError extends WellheadError {
  readonly port: number;

  constructor(port: number, cause: NodeJS.ErrnoException) {
    const reason = PORT_REASONS[cause.code ?? ""] ?? `cannot be listened on (${cause.code ?? cause.message})`;
    super("E_PORT", `Port ${port} ${reason}.`, {
      hint: "stop what listens there, or set PORT to another (0 takes any)",
      cause,
    });
    this.port = port;
  }
}

const PORT_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use",
  EACCES: "is not allowed for this user",
};

/** How long clients may take, in milliseconds. A proxy keeps connections for a minute: closing first would break its requests. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
};

/**
 * Listens on the port and gives every request to `fetch`. What is no request has the same form of answer.
 *
 * @throws {PortError} `E_PORT`
 */
export async function listen(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  port: number,
  limits = LIMITS,
): Promise<Server> {
  const answer = getRequestListener(fetch, { errorHandler: answerUnreadable });
  // Node's own answer to a request without a Host is a bare 400.
  const options = { ...limits, requireHostHeader: false };
  const server = createServer(options, (request, response) => void answer(request, response));
  server.on("clientError", answerUnparsable);
  server.on("checkExpectation", (_request, response) => answerExpectation(response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new PortError(port, cause)));
    server.listen(port, resolve);
  });
  return server;
}
