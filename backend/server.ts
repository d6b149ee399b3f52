import { openBackend, type Backend } from "./backend.ts";
import { readArguments, UsageError } from "./start/arguments.ts";
import { NotConnectedError } from "./start/connect.ts";
import { listen } from "./start/listen.ts";
import { print, printError } from "./start/print.ts";
import { aborted, drain, stopSignal } from "./start/stop.ts";

/*
 * Starts the backend: `node backend/server.ts [--upgrade TARGET]`. With a target it first upgrades the database, in
 * the same process, because the embedded Postgres takes its time to open. Ends with status 0 when it was told to
 * stop, 1 when it could not start, 2 when it was called wrongly.
 */

const signal = stopSignal();
try {
  process.exitCode = await main();
} catch (error) {
  // Why the database is away has been printed below the banner.
  if (!(error instanceof NotConnectedError)) printError(error);
  const isStopped = error instanceof NotConnectedError && signal.aborted;
  process.exitCode = isStopped ? 0 : error instanceof UsageError ? 2 : 1;
}
// Whatever a library has left open must not keep the process.
process.exit();

async function main(): Promise<number> {
  const { upgrade } = readArguments(process.argv.slice(2));
  const backend = await openBackend({ upgrade, signal });
  try {
    if (!signal.aborted) await serve(backend);
  } finally {
    await backend.close();
  }
  return 0;
}

async function serve({ fetch, settings: { port, shutdownDelayMs } }: Backend): Promise<void> {
  const server = await listen(fetch, port);
  const address = server.address();
  print(`Listening on http://localhost:${typeof address === "object" ? address?.port : port}`);
  await aborted(signal);
  print("Stopping");
  await drain(server, shutdownDelayMs);
}
