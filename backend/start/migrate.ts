import {
  openDatabase,
  parseMigrationDatabaseUrl,
  upgrade,
  type Database,
  type DatabaseTarget,
  type MigrateEvent,
  type Migrations,
} from "wellhead";
import { print } from "./print.ts";
import type { Project } from "./project.ts";

export interface MigrateOptions extends Pick<Project, "versionTable" | "transaction"> {
  readonly database: Database;
  readonly databaseTarget: DatabaseTarget;
  readonly migrations: Migrations;
  /** What to upgrade to: `heads`, `head`, an id, … */
  readonly target: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Upgrades the database to the target and prints what runs; the versions that it then stands at. Where the
 * environment names a way past the pooler (`MIGRATION_DATABASE_URL`, `DIRECT_URL`, …), it goes that way.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { database, databaseTarget, env } = options;
  if (databaseTarget.driver !== "pg" || databaseTarget.migrate === undefined)
    return await run(database, options);
  const { host, port, from } = databaseTarget.migrate;
  print(`Upgrading through ${from} (${host}:${port})`);
  const direct = await openDatabase(parseMigrationDatabaseUrl(env), { applicationName: "wellhead-backend" });
  try {
    return await run(direct, options);
  } finally {
    await direct.close();
  }
}

async function run(database: Database, options: MigrateOptions): Promise<readonly string[]> {
  const { migrations, target, transaction, versionTable } = options;
  print(`Upgrading to ${target}`);
  const { to } = await upgrade({
    ...versionTable,
    database,
    migrations,
    target,
    transaction,
    onEvent: printEvent,
  });
  return to;
}

function printEvent(event: MigrateEvent): void {
  switch (event.kind) {
    case "planned":
      if (event.steps.length === 0) print(`Nothing to upgrade: the database stands at ${listed(event.from)}`);
      return;
    case "edited":
      for (const { revision, path } of event.revisions) {
        print(`warning: ${revision} (${path}) was edited after it was applied`);
      }
      return;
    case "waiting-for-lock":
      print(
        `Waiting for another process that upgrades this database (${Math.round(event.waitedMs / 1000)} s)`,
      );
      return;
    case "retrying":
      print(`Rolled back: ${event.reason}; again in ${event.waitMs / 1000} s`);
      return;
    case "reconnecting":
      print(`The connection was lost: ${event.reason}; again in ${event.waitMs / 1000} s`);
      return;
    case "step-started":
      print(`Running upgrade ${listed(event.step.revises)} -> ${event.step.revision}: ${event.step.message}`);
      return;
    case "step-finished":
      return;
  }
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? "base" : ids.join(", ");
}
