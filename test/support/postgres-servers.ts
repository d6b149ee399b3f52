import { spawn } from "node:child_process";
import { mkdtempSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";
import type { TestProject } from "vitest/node";

import { preparePostgres, type PostgresInstallation } from "./postgres-installation.ts";
import { startPostgresServer, type PostgresServer } from "./postgres-server.ts";

/** The oldest and the newest major version that the tests run against. */
const majors = [15, 18];

/** A server that all test files share, each test in a database of its own. */
export interface SharedServer {
  readonly name: string;
  readonly major: number;
  /** The URL of a database that always exists, with a role that may create others. */
  readonly url: string;
}

declare module "vitest" {
  interface ProvidedContext {
    postgres: {
      readonly servers: readonly SharedServer[];
      /** To start more servers from. */
      readonly installations: readonly PostgresInstallation[];
    };
  }
}

/** vitest's global setup: starts the shared servers once a run, and ends them after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = makeRunFolder();
  const installations = majors.flatMap((major) => preparePostgres(major, run.folder) ?? []);
  const started = await Promise.all(installations.map((installation) => startPostgresServer(installation)));
  project.provide("postgres", {
    installations,
    servers: [...started.map(describeStarted), ...(await describeGiven(process.env["TEST_DATABASE_URL"]))],
  });
  return async () => {
    await Promise.all(started.map((server) => server.stop()));
    await run.remove();
  };
}

function describeStarted(server: PostgresServer): SharedServer {
  return { name: `Postgres ${server.major}`, major: server.major, url: server.url() };
}

/** A server of the tester's own, one more to run everything on. */
async function describeGiven(url: string | undefined): Promise<SharedServer[]> {
  if (url === undefined || url === "") return [];
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT current_setting('server_version_num')::int / 10000 AS major");
    return [{ name: "TEST_DATABASE_URL", major: rows[0].major, url }];
  } finally {
    await client.end();
  }
}

/** A folder for the run that goes when this process goes, however it ends. */
function makeRunFolder(): { folder: string; remove(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "wellhead-run-"));
  // The user that Postgres runs as must be able to enter.
  chmodSync(folder, 0o755);
  const keeper = spawn("sh", ["-c", 'cat > /dev/null; rm -rf "$1"', "keeper", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  return {
    folder,
    remove: () =>
      new Promise((resolve) => {
        keeper.once("exit", () => resolve());
        keeper.stdin.end();
      }),
  };
}
