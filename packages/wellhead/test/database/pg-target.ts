import { parseDatabaseUrl, type DatabaseTarget, type PgTarget } from "../../src/database-url/index.ts";

/** The target of a URL, without anything from the environment of the test run. */
export function targetOf(url: string, env: Readonly<Record<string, string>> = {}): DatabaseTarget {
  return parseDatabaseUrl({ ...env, DATABASE_URL: url });
}

/** The same for a URL that is a server's, with fields of the test's own. */
export function pgTargetOf(url: string, fields: Partial<PgTarget> = {}): PgTarget {
  const target = targetOf(url);
  if (target.driver !== "pg") throw new Error(`${url} is not a server's URL`);
  return { ...target, ...fields };
}
