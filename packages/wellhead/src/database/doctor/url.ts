import { databaseUrlWarning, type DatabaseTarget, type PgTarget } from "../../database-url/index.ts";
import { UnsupportedDialectError } from "../errors.ts";
import type { Finding } from "./checkup.ts";

/** Where the address of a database comes from. */
export interface UrlSource {
  /** What people call it: `DATABASE_URL`, `--url`. */
  readonly name: string;
  /** Reads it. Throws what `parseDatabaseUrl` throws. */
  readonly target: () => DatabaseTarget;
}

type Reachable = Exclude<DatabaseTarget, { driver: "sqlite" }>;

/** Which address this is, what was made of it, and which rules have something to say. */
export async function checkUrl({ name, target: read }: UrlSource): Promise<Finding<Reachable>> {
  const target = read();
  switch (target.driver) {
    case "pg":
      return {
        kind: "holds",
        detail: [`${name}: ${target.display}`, poolerPhrase(target), migrationPhrase(target)]
          .filter((phrase) => phrase !== undefined)
          .join("; "),
        hint: target.warnings?.map(databaseUrlWarning).join(" "),
        value: target,
      };
    case "pglite":
      return { kind: "holds", detail: `${name}: ${target.display}`, value: target };
    case "sqlite":
      throw new UnsupportedDialectError(target.display);
    default:
      return target satisfies never;
  }
}

function poolerPhrase({ poolMode }: PgTarget): string {
  return poolMode === "direct" ? "straight to the server" : `through a pooler in ${poolMode} mode`;
}

function migrationPhrase({ migrate }: PgTarget): string | undefined {
  if (migrate === undefined) return undefined;
  return `migrations take ${migrate.from} (${migrate.host}:${migrate.port}, ${migrate.poolMode})`;
}
