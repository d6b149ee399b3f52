import type { Session } from "../database/index.ts";
import { askAgain } from "../scratch/index.ts";
import { readSchema, type SchemaSnapshot } from "../schema/index.ts";

/** Reads the schema as `readSchema` does, and has Postgres keep the plan of that long query for the next time (10 ms instead of 30). */
export async function readSchemaAgain(session: Session): Promise<SchemaSnapshot> {
  return await readSchema({
    resetSettings: session.resetSettings,
    query: async (sql, parameters) => await session.query(sql, parameters),
    queryArrays: async (sql) => await askAgain(session, { name: "wellhead_schema", sql }),
    run: async (script) => await session.run(script),
    runAll: async (scripts, onDone) => await session.runAll(scripts, onDone),
  });
}
