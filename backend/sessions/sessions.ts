import type { Database } from "wellhead";
import {
  and,
  desc,
  eq,
  gt,
  inArray,
  lt,
  orm,
  sql,
  statement,
  type Orm,
  type Placeholder,
} from "../db/index.ts";
import type { Client } from "../http/index.ts";
import { publicColumns, users, type User } from "../users/index.ts";
import { sessionColumns, sessions, type Session } from "./table.ts";
import { createToken, hashToken } from "./token.ts";

export interface SessionOptions {
  /** How long a session goes on at most, in milliseconds. */
  readonly lifetimeMs: number;
  /** How long it goes on without being used, in milliseconds. */
  readonly idleMs: number;
}

/** Somebody who is signed in, and the session that says so. */
export interface SignedIn {
  readonly user: User;
  readonly session: Session;
}

/** How exactly a session's last use is known: a request within this time of the last one writes nothing. */
const TOUCH_MS = 60_000;
/** How many sessions are thrown away at a time. */
const FORGET = 1_000;

/** Starts a session of the user; the token is told here and never again. Within a transaction. */
export async function startSession(
  user: User,
  { address, userAgent }: Client,
  { lifetimeMs }: SessionOptions,
): Promise<{ readonly token: string; readonly session: Session }> {
  const token = createToken();
  const [session] = await insertSession.execute({
    userId: user.id,
    tokenHash: hashToken(token),
    lifetimeMs,
    address: address ?? null,
    userAgent: storable(userAgent),
  });
  if (session === undefined) throw new Error("INSERT … RETURNING gave no row");
  return { token, session };
}

const insertSession = orm
  .insert(sessions)
  .values({
    userId: sql.placeholder("userId"),
    tokenHash: sql.placeholder("tokenHash"),
    expiresAt: sql`now() + ${milliseconds(sql.placeholder("lifetimeMs"))}`,
    address: sql.placeholder("address"),
    userAgent: sql.placeholder("userAgent"),
  })
  .returning(sessionColumns)
  .prepare("insert_session");

/** Who the token is of, if its session goes on; that it was used is noted. */
export async function findSession(
  database: Database,
  token: string,
  { idleMs }: SessionOptions,
): Promise<SignedIn | undefined> {
  const touchMs = Math.min(TOUCH_MS, idleMs / 2);
  const [row] = await statement(
    database,
    async () => await selectByToken.execute({ tokenHash: hashToken(token), idleMs, touchMs }),
  );
  if (row === undefined) return undefined;
  const { isStale, ...signedIn } = row;
  if (isStale) await touch(database, row.session.id);
  return signedIn;
}

const selectByToken = orm
  .select({
    session: sessionColumns,
    user: publicColumns,
    isStale: sql<boolean>`${sessions.lastUsedAt} < now() - ${milliseconds(sql.placeholder("touchMs"))}`,
  })
  .from(sessions)
  .innerJoin(users, eq(users.id, sessions.userId))
  .where(and(eq(sessions.tokenHash, sql.placeholder("tokenHash")), goesOn(sql.placeholder("idleMs"))))
  .prepare("select_session");

/** The user's sessions that go on, the newest first. */
export async function listSessions(
  database: Database,
  userId: number,
  { idleMs }: SessionOptions,
): Promise<readonly Session[]> {
  return await statement(
    database,
    async (orm) =>
      await orm
        .select(sessionColumns)
        .from(sessions)
        .where(and(eq(sessions.userId, userId), goesOn(idleMs)))
        .orderBy(desc(sessions.id)),
  );
}

/** Ends one session of the user, by its id, or all; how many it were. */
export async function endSessions(orm: Orm, userId: number, which: number | "all"): Promise<number> {
  const ended = await orm
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), which === "all" ? undefined : eq(sessions.id, which)))
    .returning({ id: sessions.id });
  return ended.length;
}

/** Whether the user of a normalised e-mail address is signed in from an IP address. */
export async function isSignedInFrom(
  database: Database,
  emailNormalized: string,
  address: string,
  { idleMs }: SessionOptions,
): Promise<boolean> {
  const rows = await statement(
    database,
    async (orm) =>
      await orm
        .select({ id: sessions.id })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(users.emailNormalized, emailNormalized), eq(sessions.address, address), goesOn(idleMs)))
        .limit(1),
  );
  return rows.length > 0;
}

/** Throws away what has expired. */
export async function forgetExpired(database: Database): Promise<void> {
  await statement(database, async (orm) => {
    const expired = orm
      .select({ id: sessions.id })
      .from(sessions)
      .where(lt(sessions.expiresAt, sql`now()`))
      .limit(FORGET)
      .for("update", { skipLocked: true });
    await orm.delete(sessions).where(inArray(sessions.id, expired));
  });
}

async function touch(database: Database, id: number): Promise<void> {
  await statement(
    database,
    async (orm) =>
      await orm
        .update(sessions)
        .set({ lastUsedAt: sql`now()` })
        .where(eq(sessions.id, id)),
  );
}

/** By Postgres' clock, which all instances share. */
function goesOn(idleMs: number | Placeholder) {
  return and(
    gt(sessions.expiresAt, sql`now()`),
    gt(sessions.lastUsedAt, sql`now() - ${milliseconds(idleMs)}`),
  );
}

function milliseconds(count: number | Placeholder) {
  return sql`${count}::float8 * interval '1 millisecond'`;
}

/** A header is bytes, which Node reads as Latin-1: no NUL can be in it, and half of a pair neither. */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
