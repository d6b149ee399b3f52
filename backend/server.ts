import { fileURLToPath } from "node:url";
import { loadMigrations, type Database } from "wellhead";
import { createApp } from "./app.ts";
import { createReadiness } from "./health/index.ts";
import { createLog } from "./logs.ts";
import { readSettings, type Settings } from "./settings.ts";
import { readArguments, UsageError } from "./start/arguments.ts";
import { connect } from "./start/connect.ts";
import { listen } from "./start/listen.ts";
import { migrate } from "./start/migrate.ts";
import { print, printError } from "./start/print.ts";
import { aborted, drain, stopSignal } from "./start/stop.ts";

/*
 * Starts the backend: `node backend/server.ts [--upgrade TARGET]`. With a target it first upgrades the database, in
 * the same process, because the embedded Postgres takes its time to open. Ends with status 0 when it was told to
 * stop, 1 when it could not start, 2 when it was called wrongly.
 */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MIGRATIONS = fileURLToPath(new URL("migrations", import.meta.url));

const signal = stopSignal();
try {
  process.exitCode = await main();
} catch (error) {
  printError(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
// Whatever a library has left open must not keep the process.
process.exit();

async function main(): Promise<number> {
  const { upgrade } = readArguments(process.argv.slice(2));
  const settings = readSettings(process.env);
  for (const warning of settings.warnings) print(`warning: ${warning}`);
  const database = await connect({ ...settings, target: settings.databaseTarget, baseFolder: ROOT, signal });
  if (database === undefined) return signal.aborted ? 0 : 1;
  try {
    await serve(database, settings, upgrade);
  } finally {
    await database.close();
  }
  return 0;
}

async function serve(database: Database, settings: Settings, upgrade: string | undefined): Promise<void> {
  const { graph } = loadMigrations(MIGRATIONS);
  const { databaseTarget, port, shutdownDelayMs, upgradeTarget } = settings;
  const expected =
    upgrade === undefined
      ? graph.resolve(upgradeTarget).filter((id) => id !== null)
      : await migrate({
          database,
          databaseTarget,
          migrations: MIGRATIONS,
          target: upgrade,
          env: process.env,
        });
  if (signal.aborted) return;
  const app = createApp({
    ...settings,
    database,
    log: createLog(settings.logLevel),
    health: {
      checkReadiness: createReadiness({ database, graph, expected }),
      isStopping: () => signal.aborted,
    },
  });
  const server = await listen(app.fetch, port);
  const address = server.address();
  print(`Listening on http://localhost:${typeof address === "object" ? address?.port : port}`);
  await aborted(signal);
  print("Stopping");
  await drain(server, shutdownDelayMs);
}
