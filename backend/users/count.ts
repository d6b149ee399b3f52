import type { Database } from "wellhead";
import { count, statement } from "../db/index.ts";
import { users } from "./table.ts";

/** How many users there are. */
export async function countUsers(database: Database): Promise<number> {
  const [row] = await statement(database, async (orm) => await orm.select({ users: count() }).from(users));
  return row?.users ?? 0;
}
