import { loadMigrations, type Database } from "wellhead";
import { createApp } from "./app.ts";
import { createReadiness } from "./health/index.ts";
import { createLog } from "./logs.ts";
import { readSettings, type Settings } from "./settings/index.ts";
import { connect } from "./start/connect.ts";
import { migrate } from "./start/migrate.ts";
import { print } from "./start/print.ts";
import { findProject, type Project } from "./start/project.ts";
import { USERS_TABLE } from "./users/index.ts";

export interface OpenBackendOptions {
  /** What to upgrade the database to first: `heads`, an id, … Default: nothing is upgraded. */
  readonly upgrade?: string | undefined;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** When it aborts, the start is given up, and from then on `/readyz` says that the process is about to end. */
  readonly signal?: AbortSignal;
}

/** The backend without a port, for any server that speaks `Request` and `Response`. */
export interface Backend {
  /** Answers a request. `env` is what the server tells of the connection: `@hono/node-server` gives Node's own objects. */
  readonly fetch: (request: Request, env?: object) => Response | Promise<Response>;
  readonly database: Database;
  readonly settings: Settings;
  /** Closes the database, after the last request. */
  close(): Promise<void>;
}

/**
 * Reads the settings, opens the database, upgrades it when told to, and puts the app together. What happens is printed,
 * a line each.
 *
 * @throws {SettingsError} `E_SETTINGS`
 * @throws {NotConnectedError} `E_NOT_CONNECTED`; why is printed
 * @throws {WellheadError} what an upgrade can fail with
 *
 * @example
 * const backend = await openBackend({ upgrade: "heads" });
 * const answer = await backend.fetch(new Request("http://localhost/healthz"));
 */
export async function openBackend(options: OpenBackendOptions = {}): Promise<Backend> {
  const { env = process.env, upgrade, signal = new AbortController().signal } = options;
  const settings = readSettings(env);
  for (const warning of settings.warnings) print(`warning: ${warning}`);
  const project = await findProject();
  const database = await connect({
    ...settings,
    target: settings.databaseTarget,
    baseFolder: project.folder,
    signal,
  });
  try {
    const fetch = await open({ database, settings, project, upgrade, env, signal });
    return { fetch, database, settings, close: async () => await database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Opening {
  readonly database: Database;
  readonly settings: Settings;
  readonly project: Project;
  readonly upgrade: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

async function open({
  database,
  settings,
  project,
  upgrade,
  env,
  signal,
}: Opening): Promise<Backend["fetch"]> {
  const migrations = loadMigrations(project.migrations);
  const { graph } = migrations;
  const expected =
    upgrade === undefined
      ? graph.resolve(settings.upgradeTarget).filter((id) => id !== null)
      : await migrate({
          ...project,
          database,
          databaseTarget: settings.databaseTarget,
          migrations,
          target: upgrade,
          env,
        });
  const app = createApp({
    ...settings,
    database,
    log: createLog(settings.logLevel),
    health: {
      checkReadiness: createReadiness({
        database,
        graph,
        expected,
        table: USERS_TABLE,
        versionTable: project.versionTable,
      }),
      isStopping: () => signal.aborted,
    },
  });
  return (request, bindings) => app.fetch(request, bindings);
}
