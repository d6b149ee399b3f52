import type { Session } from "../database/index.ts";
import { quoteName, quoteText } from "./fill/quote.ts";

/** A long question that is asked often. */
export interface KeptQuestion {
  /** Of the prepared statement. */
  readonly name: string;
  readonly sql: string;
  /** Whether it has one parameter, a `text[]`. */
  readonly takesTexts?: boolean;
}

/**
 * Asks, and has Postgres keep the plan for the next time: for a long question about the catalogue planning takes two
 * thirds of the time. A revision may have thrown the plan away, so it is looked for. With a parameter Postgres plans the
 * first five times anew.
 */
export async function askAgain(
  session: Pick<Session, "queryArrays" | "run">,
  { name, sql, takesTexts = false }: KeptQuestion,
  texts: Iterable<string> = [],
): Promise<readonly (readonly unknown[])[]> {
  const [kept] = await session.queryArrays("SELECT FROM pg_catalog.pg_prepared_statements WHERE name = $1", [
    name,
  ]);
  if (kept === undefined)
    await session.run(`PREPARE ${quoteName(name)}${takesTexts ? " (text[])" : ""} AS ${sql}`);
  const list = `ARRAY[${[...texts].map(quoteText).join(", ")}]::text[]`;
  return await session.queryArrays(`EXECUTE ${quoteName(name)}${takesTexts ? `(${list})` : ""}`);
}
