import {
  examineDatabase,
  type Database,
  type DoctorReport,
  type ExamineOptions,
  type Finding,
} from "../database/index.ts";
import type { Migrations } from "./migrations.ts";
import { checkRights } from "./rights.ts";
import type { VersionTableOptions } from "./version-table.ts";
import { checkVersions } from "./versions-check.ts";
import { probeWrite } from "./write-probe.ts";

/** What an examination needs to know. */
export interface DoctorOptions extends Omit<ExamineOptions, "inside">, VersionTableOptions {
  /** Reads the migrations folder. What is wrong with it does not end the examination. */
  readonly migrations: () => Migrations;
}

/**
 * Examines the way to a database layer by layer, with the rights in it, its versions and a write that is rolled back.
 * It never throws for what it finds: `ok` says whether a write can land.
 */
export async function doctor(options: DoctorOptions): Promise<DoctorReport> {
  return await examineDatabase({
    ...options,
    inside: async (checkup, { isEmbedded, database, writable }) => {
      const rights = async (known: Database): Promise<Finding<true>> => await checkRights(known, options);
      const versions = async (known: Database): Promise<Finding<true>> => await checkVersions(known, options);
      // In the embedded Postgres there is one user, who may do everything.
      if (!isEmbedded) await checkup.run("rights", database, rights);
      await checkup.run("versions", database, versions);
      await checkup.run("write", writable, probeWrite);
    },
  });
}
