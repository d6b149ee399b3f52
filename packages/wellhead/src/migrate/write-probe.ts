import { randomBytes } from "node:crypto";

import type { Database, Finding } from "../database/index.ts";
import { quoteIdentifier } from "./version-table.ts";

/**
 * Writes as an app and a migration do, in the schema where their tables are: a real table, because a temporary one
 * would need other rights and leave the schema out. All of it is rolled back.
 */
export async function probeWrite(database: Database): Promise<Finding<true>> {
  const table = quoteIdentifier(`wellhead_doctor_${randomBytes(6).toString("hex")}`);
  return await database.withSession(async (session) => {
    const [row] = await session.query<{ schema: string | null }>("SELECT current_schema()::text AS schema");
    try {
      await session.run("BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '10s'");
      await session.run(`CREATE TABLE ${table} (n int); INSERT INTO ${table} VALUES (1)`);
    } finally {
      await session.run("ROLLBACK");
    }
    const detail = `created a table in the schema "${row?.schema}", inserted a row, rolled it back`;
    return { kind: "holds", detail, value: true };
  });
}
