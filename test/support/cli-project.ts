import { connectedDatabase } from "./connected-database.ts";
import { migrationsFolder, type TestRevision } from "./migrations-folder.ts";
import type { SharedServer } from "./postgres-servers.ts";
import { runCli, type CliResult } from "./run-cli.ts";

/** A folder of revisions with an empty database of its own, and the command line on both. */
export interface CliProject {
  /** The migrations folder, which is also where the commands are called. */
  readonly folder: string;
  readonly url: string;
  readonly rows: (sql: string) => Promise<Record<string, unknown>[]>;
  readonly wellhead: (...argv: string[]) => Promise<CliResult>;
}

export async function cliProject(
  server: SharedServer,
  ...revisions: readonly TestRevision[]
): Promise<CliProject> {
  const folder = migrationsFolder(...revisions);
  const { url, rows } = await connectedDatabase(server);
  const env = { DATABASE_URL: url };
  return {
    folder,
    url,
    rows,
    wellhead: async (...argv) => await runCli([...argv, "--dir", "."], { cwd: folder, env }),
  };
}
