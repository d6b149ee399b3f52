import type { ModelsConfiguration } from "./models-configuration.ts";

/** What `wellhead.config.ts` says. Every field may be left out; flags override the environment, which overrides it. */
export interface WellheadConfiguration {
  /** The migrations folder, or several in load order, relative to the configuration file; default `migrations`. */
  readonly migrations?: string | readonly string[];
  /** The database URL; default: the environment's `DATABASE_URL`. */
  readonly url?: string;
  /** Name of the version table; default `alembic_version`. */
  readonly versionTable?: string;
  /** Schema of the version table; default: where the search path finds it. */
  readonly versionTableSchema?: string;
  /**
   * Where the wished-for schema comes from, for `revision --autogenerate`, `check` and `diff`: the path of a Drizzle schema
   * module, of a `schema.sql` or of a folder of them, or more in an object.
   */
  readonly models?: string | ModelsConfiguration;
  /** `all`: everything pending in one transaction (default); `each`: one transaction a revision. */
  readonly transaction?: "all" | "each";
  /** `when-conflicting` (default): several heads are fine while they commute; `required`: one head, as Alembic wants it. */
  readonly singleHead?: "when-conflicting" | "required";
  /** A file of SQL with rows for the proofs, run over the revisions that all heads have; default: rows are made up. Relative to the configuration file. */
  readonly seed?: string;
}

/**
 * Gives a configuration its types; it returns what it is given.
 *
 * @example
 * export default defineConfig({ migrations: "backend/migrations" });
 */
export function defineConfig(configuration: WellheadConfiguration): WellheadConfiguration {
  return configuration;
}
