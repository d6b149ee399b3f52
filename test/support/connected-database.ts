import { Client } from "pg";
import { onTestFinished } from "vitest";

import type { SharedServer } from "./postgres-servers.ts";
import { createTestDatabase } from "./test-database.ts";

/** An empty database of the test's own, with a connection to look into it; both go away with the test. */
export interface ConnectedDatabase {
  readonly url: string;
  readonly name: string;
  readonly rows: (sql: string) => Promise<Record<string, unknown>[]>;
}

export async function connectedDatabase(server: SharedServer): Promise<ConnectedDatabase> {
  const { url, name, close } = await createTestDatabase(server);
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await close();
  });
  return { url, name, rows: async (sql) => (await client.query(sql)).rows };
}
