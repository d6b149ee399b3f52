import type { Database } from "wellhead";
import { read } from "../db/index.ts";
import { users } from "./table.ts";

/** How many users there are. */
export async function countUsers(database: Database): Promise<number> {
  return await read(database, async (orm) => await orm.$count(users));
}
