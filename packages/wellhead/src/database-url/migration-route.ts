import type { DatabaseTarget, PgTarget } from "./database-target.ts";
import { DatabaseUrlConflictError } from "./errors.ts";
import type { Environment } from "./settings.ts";

/** What hosts and frameworks call the address past the pooler, in the order of preference. */
const VARIABLES = [
  "MIGRATION_DATABASE_URL",
  "DIRECT_URL",
  "DATABASE_URL_UNPOOLED",
  "POSTGRES_URL_NON_POOLING",
] as const;

/** The variable that says where migrations connect, when one is set. */
export function migrationVariable(env: Environment): string | undefined {
  return VARIABLES.find((name) => (env[name] ?? "").trim() !== "");
}

/**
 * The app's target, with the way that migrations take beside it. Warns of a pooler when that way leads through one.
 *
 * @throws DatabaseUrlConflictError `E_DB_URL_CONFLICT` when the two are not the same kind of database
 */
export function withMigrationRoute(
  target: DatabaseTarget,
  variable: string,
  route: DatabaseTarget,
): DatabaseTarget {
  if (target.driver !== "pg" || route.driver !== "pg") {
    if (target.display === route.display) return target;
    throw new DatabaseUrlConflictError(
      variable,
      `DATABASE_URL and ${variable} name two different databases: one is a server and the other a local one, or both are local.`,
      `remove ${variable}, or let it name the same server as DATABASE_URL`,
    );
  }
  const { warnings: _warnings, ...rest } = target;
  const warnings = migrationWarnings(target, route);
  const { host, port, poolMode } = route;
  return {
    ...rest,
    ...(warnings.length > 0 ? { warnings } : {}),
    migrate: { from: variable, host, port, poolMode },
  };
}

function migrationWarnings(target: PgTarget, route: PgTarget): NonNullable<PgTarget["warnings"]> {
  const others = (target.warnings ?? []).filter((code) => code !== "W_MIGRATE_THROUGH_POOLER");
  return route.poolMode === "transaction" ? [...others, "W_MIGRATE_THROUGH_POOLER" as const].sort() : others;
}
