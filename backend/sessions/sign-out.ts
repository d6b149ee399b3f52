import type { Database } from "wellhead";
import { write } from "../db/index.ts";
import { audit, type RequestFacts } from "../http/index.ts";
import { endSessions } from "./sessions.ts";

export interface SignOutServices {
  readonly database: Database;
}

/** Ends one session of the user, by its id, or all of them. It resolves after COMMIT; false when there was none. */
export async function signOut(
  userId: number,
  which: number | "all",
  request: RequestFacts,
  { database }: SignOutServices,
): Promise<boolean> {
  const sessions = await write(database, async (orm) => await endSessions(orm, userId, which));
  if (sessions > 0) audit(request, { event: "logout", userId, sessions });
  return sessions > 0;
}
