import { hash } from "node:crypto";
import type { Database } from "wellhead";
import { and, eq, gt, inArray, lt, nowAndThen, sql, statement, type Orm } from "../db/index.ts";
import { idempotencyKeys } from "./idempotency-table.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { Registration } from "./registration.ts";
import { publicColumns, users, type User } from "./table.ts";

/** How long a key stands for its registration, in hours. */
const LIFETIME_HOURS = 24;
/** How many keys are thrown away at a time. */
const FORGET = 1_000;

/** What an earlier request with the same key makes of this one. */
type Earlier =
  | { readonly kind: "none" }
  /** It asked for the same, and this is what it got. */
  | { readonly kind: "same"; readonly user: User }
  | { readonly kind: "different" };

/** Keys of registrations: the memory that makes a retry safe. */
export interface IdempotencyKeys {
  find(key: string, registration: Registration): Promise<Earlier>;
  /** Lets the key stand for the registration, within its transaction; false when it stands for another already. */
  keep(orm: Orm, key: string, registration: Registration, userId: number): Promise<boolean>;
}

export function createIdempotencyKeys(
  database: Database,
  passwords: Pick<PasswordHasher, "verify">,
): IdempotencyKeys {
  const forget = nowAndThen(async () => await forgetExpired(database));
  return {
    find: async (key, registration) => {
      await forget();
      const [row] = await statement(database, async (orm) => await selectRow(orm, key));
      if (row === undefined) return { kind: "none" };
      const isSame =
        row.requestHash === requestHash(registration) &&
        (await passwords.verify(registration.password, row.hashedPassword));
      return isSame ? { kind: "same", user: row.user } : { kind: "different" };
    },
    keep,
  };
}

async function selectRow(orm: Orm, key: string) {
  return await orm
    .select({
      requestHash: idempotencyKeys.requestHash,
      hashedPassword: users.hashedPassword,
      user: publicColumns,
    })
    .from(idempotencyKeys)
    .innerJoin(users, eq(users.id, idempotencyKeys.userId))
    .where(and(eq(idempotencyKeys.keyHash, sha256(key)), gt(idempotencyKeys.expiresAt, sql`now()`)));
}

async function keep(orm: Orm, key: string, registration: Registration, userId: number): Promise<boolean> {
  const values = {
    userId,
    requestHash: requestHash(registration),
    expiresAt: sql`now() + ${LIFETIME_HOURS} * interval '1 hour'`,
  };
  // Whoever uses the key at the same time waits here until the other's transaction has ended.
  const rows = await orm
    .insert(idempotencyKeys)
    .values({ keyHash: sha256(key), ...values })
    .onConflictDoUpdate({
      target: idempotencyKeys.keyHash,
      set: values,
      setWhere: lt(idempotencyKeys.expiresAt, sql`now()`),
    })
    .returning({ id: idempotencyKeys.id });
  return rows.length > 0;
}

async function forgetExpired(database: Database): Promise<void> {
  await statement(database, async (orm) => {
    const expired = orm
      .select({ id: idempotencyKeys.id })
      .from(idempotencyKeys)
      .where(lt(idempotencyKeys.expiresAt, sql`now()`))
      .limit(FORGET)
      .for("update", { skipLocked: true });
    await orm.delete(idempotencyKeys).where(inArray(idempotencyKeys.id, expired));
  });
}

function requestHash({ email, full_name }: Registration): string {
  return sha256(JSON.stringify([email.typed, full_name]));
}

function sha256(text: string): string {
  return hash("sha256", text);
}
