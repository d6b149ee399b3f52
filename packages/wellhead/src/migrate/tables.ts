import type { Session } from "../database/index.ts";
import type { DatabaseState } from "./database-state.ts";
import { createLedger } from "./ledger.ts";
import { createVersionTable, qualified } from "./version-table.ts";

/** The state inside the lock. */
export interface LockedState {
  readonly state: DatabaseState;
  /** The tables were created by this transaction: no other session sees them yet. */
  readonly areNew: boolean;
}

/** Whether both tables are there. They stay; one that is missing may be created by whoever has the lock. */
export function hasTables({ hasVersionTable, hasLedger }: DatabaseState): boolean {
  return hasVersionTable && hasLedger;
}

/** Creates the version table and the ledger where they are missing, in the open transaction that holds the lock, inside which `state` was read. */
export async function createTables(session: Session, state: DatabaseState): Promise<LockedState> {
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
