import type { Session } from "../database/index.ts";
import { readFacts, readSchema, type SchemaFacts, type SchemaSnapshot } from "../schema/index.ts";

/** A schema as it is compared and as it is planned. */
export interface SchemaState {
  readonly snapshot: SchemaSnapshot;
  readonly facts: SchemaFacts;
}

/** Makes something in a transaction of its own, which is undone afterwards. */
export type Make = (session: Session) => Promise<void>;

/** The schema of a database after `make`; it is as before afterwards. */
export async function schemaAfter(session: Session, make: Make): Promise<SchemaSnapshot> {
  return await undone(session, async () => {
    await make(session);
    return await readSchema(session);
  });
}

/** The same with what a plan needs. */
export async function stateAfter(session: Session, make: Make): Promise<SchemaState> {
  return await undone(session, async () => {
    await make(session);
    return { snapshot: await readSchema(session), facts: await readFacts(session) };
  });
}

/** Runs `work` in a transaction and takes back all that it did. */
export async function undone<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run("BEGIN");
  try {
    return await work();
  } finally {
    await session.run("ROLLBACK");
    await session.run(session.resetSettings);
  }
}
