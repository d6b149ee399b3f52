import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { WellheadError } from "wellhead";
import { SECURITY_HEADERS } from "../http/index.ts";

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
 * Listens on the port and gives every request to `fetch`.
 *
 * @throws {PortError} `E_PORT`
 */
export async function listen(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  port: number,
): Promise<Server> {
  const answer = getRequestListener(fetch, { errorHandler: answerUnreadable });
  const server = createServer(LIMITS, (request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new PortError(port, cause)));
    server.listen(port, resolve);
  });
  return server;
}

/** A request of which no `Request` can be made: its Host or its path is not one. */
function answerUnreadable(): Response {
  return Response.json({ detail: "Bad Request" }, { status: 400, headers: SECURITY_HEADERS });
}
