import type { Session } from "../database/index.ts";
import { readSchema, type SchemaSnapshot } from "../schema/index.ts";

/**
 * Reads the schema as `readSchema` does, and has Postgres keep the plan of that long query for the next time: planning
 * takes two thirds of it (10 ms instead of 30). A revision may have thrown the plan away, so it is looked for.
 */
export async function readSchemaAgain(session: Session): Promise<SchemaSnapshot> {
  return await readSchema({
    resetSettings: session.resetSettings,
    query: async (sql, parameters) => await session.query(sql, parameters),
    queryArrays: async (sql) => {
      const [kept] = await session.queryArrays(
        "SELECT 1 FROM pg_catalog.pg_prepared_statements WHERE name = 'wellhead_schema'",
      );
      if (kept === undefined) await session.run(`PREPARE wellhead_schema AS ${sql}`);
      return await session.queryArrays("EXECUTE wellhead_schema");
    },
    run: async (script) => await session.run(script),
    runAll: async (scripts, onDone) => await session.runAll(scripts, onDone),
  });
}
