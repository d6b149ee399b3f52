import { StatementError, type Database, type Finding } from "../database/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import type { Migrations } from "./migrations.ts";
import { readStatus, type Status } from "./status.ts";
import type { VersionTableOptions } from "./version-table.ts";

interface Options extends VersionTableOptions {
  readonly migrations: () => Migrations;
}

/** Where the database stands beside the files. Only tables that cannot be read are a failure: writes land at any version. */
export async function checkVersions(database: Database, options: Options): Promise<Finding<true>> {
  const migrations = readFiles(options);
  if (migrations instanceof WellheadError)
    return {
      kind: "holds",
      detail: `the migrations cannot be read: ${migrations.message}`,
      hint: migrations.hint ?? "`wellhead check` tells more",
      value: true,
    };
  try {
    return compared(await readStatus({ ...options, database, migrations }), options);
  } catch (error) {
    if (!(error instanceof StatementError) || error.sqlState !== "42501") throw error;
    return { kind: "fails", detail: error.message, hint: "the GRANT that `rights` names lets it be read" };
  }
}

function readFiles({ migrations }: Options): Migrations | WellheadError {
  try {
    return migrations();
  } catch (error) {
    if (error instanceof WellheadError) return error;
    throw error;
  }
}

function compared(
  { versions, heads, pending, unknown }: Status,
  { versionTable = "alembic_version" }: VersionTableOptions,
): Finding<true> {
  const parts = [
    `${versionTable}: ${versions.join(", ") || "base"}`,
    `heads: ${heads.join(", ") || "none"}`,
    `pending: ${pending.length === 0 ? "nothing" : pending.length}`,
    ...(unknown.length === 0 ? [] : [`in no file: ${unknown.join(", ")}`]),
  ];
  const hint = versionsHint(pending.length > 0, unknown.length > 0);
  return { kind: "holds", detail: parts.join("; "), hint, value: true };
}

function versionsHint(isBehind: boolean, hasUnknown: boolean): string | undefined {
  if (hasUnknown)
    return "other code has migrated this database: take the code that has these files (`wellhead status`)";
  return isBehind ? "`wellhead upgrade` runs what is pending" : undefined;
}
