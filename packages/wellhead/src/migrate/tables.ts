import type { Session } from "../database/index.ts";
import { readDatabaseState, type DatabaseState } from "./database-state.ts";
import { createLedger } from "./ledger.ts";
import { createVersionTable, qualified, type VersionTableOptions } from "./version-table.ts";

/** The state inside the lock. */
export interface LockedState {
  readonly state: DatabaseState;
  /** The tables were created by this transaction: no other session sees them yet. */
  readonly areNew: boolean;
}

/** Creates the version table and the ledger where they are missing, in the open transaction that holds the lock. */
export async function createTables(
  session: Session,
  seen: DatabaseState,
  options: VersionTableOptions,
): Promise<LockedState> {
  if (seen.hasVersionTable && seen.hasLedger) return { state: seen, areNew: false };
  // Whoever held the lock before us may have created them since.
  const state = await readDatabaseState(session, options);
  const missing = [
    ...(state.hasVersionTable ? [] : [createVersionTable(state.schema, state.versionTable)]),
    ...(state.hasLedger ? [] : [createLedger(state.schema)]),
  ];
  if (missing.length === 0) return { state, areNew: false };
  await session.run(missing.join(";\n"));
  return { state: { ...state, hasVersionTable: true, hasLedger: true }, areNew: true };
}

/** The rows of the version table, in the order that a plain SELECT gives them, as Alembic reads them. */
export async function readVersions(session: Session, state: DatabaseState): Promise<readonly string[]> {
  return versionsIn(await session.query<VersionRow>(versionsQuery(state)));
}

export interface VersionRow extends Record<string, unknown> {
  readonly version_num: string;
}

export function versionsQuery({ schema, versionTable }: DatabaseState): string {
  return `SELECT version_num FROM ${qualified(schema, versionTable)}`;
}

export function versionsIn(rows: readonly VersionRow[]): readonly string[] {
  return rows.map((row) => row.version_num);
}
