import type { Database } from "wellhead";
import { and, eq, orm, sql, statement, type Orm } from "../db/index.ts";
import { publicColumns, users, type User } from "./table.ts";

/** A user with what their password is checked by. */
export interface Credentials {
  readonly user: User;
  readonly hashedPassword: string;
}

/** The user whom a normalised address belongs to. */
export async function findCredentials(
  database: Database,
  emailNormalized: string,
): Promise<Credentials | undefined> {
  const [row] = await statement(database, async () => await selectByEmail.execute({ emailNormalized }));
  return row;
}

const selectByEmail = orm
  .select({ user: publicColumns, hashedPassword: users.hashedPassword })
  .from(users)
  .where(eq(users.emailNormalized, sql.placeholder("emailNormalized")))
  .prepare("select_credentials");

/** Puts a new hash of the same password in place of the old one, unless the password has been changed meanwhile. */
export async function replaceHash(
  orm: Orm,
  { user, hashedPassword }: Credentials,
  newHash: string,
): Promise<void> {
  await orm
    .update(users)
    .set({ hashedPassword: newHash })
    .where(and(eq(users.id, user.id), eq(users.hashedPassword, hashedPassword)));
}
