import type { Database } from "../session.ts";
import type { Checkup } from "./checkup.ts";
import type { UrlSource } from "./url.ts";

/** What a check of a database needs to know. */
export interface ExamineOptions {
  readonly source: UrlSource;
  /** The folder that the embedded Postgres' folder is relative to. */
  readonly baseFolder: string;
  /** Where a certificate in a variable is read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs the checks of those who know what is in the database, after those of its settings. */
  readonly inside: (checkup: Checkup, reached: ReachedDatabase) => Promise<void>;
}

/** The database, as far as the checks before have come. */
export interface ReachedDatabase {
  readonly isEmbedded: boolean;
  /** Undefined where there is none to ask. */
  readonly database: Database | undefined;
  /** The same, where nothing is known that keeps writes out. */
  readonly writable: Database | undefined;
}
