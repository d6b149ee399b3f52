import type { Database } from "wellhead";
import { and, desc, eq, gt, inArray, lt, sql, statement, type Orm } from "../db/index.ts";
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

/** Starts a session of the user; the token is told here and never again. */
export async function startSession(
  orm: Orm,
  user: User,
  { address, userAgent }: Client,
  { lifetimeMs }: SessionOptions,
): Promise<{ readonly token: string; readonly session: Session }> {
  const token = createToken();
  const [session] = await orm
    .insert(sessions)
    .values({
      userId: user.id,
      tokenHash: hashToken(token),
      expiresAt: sql`now() + ${milliseconds(lifetimeMs)}`,
      address,
      userAgent: storable(userAgent),
    })
    .returning(sessionColumns);
  if (session === undefined) throw new Error("INSERT … RETURNING gave no row");
  return { token, session };
}

/** Who the token is of, if its session goes on; that it was used is noted. */
export async function findSession(
  database: Database,
  token: string,
  options: SessionOptions,
): Promise<SignedIn | undefined> {
  const [row] = await statement(
    database,
    async (orm) =>
      await orm
        .select({
          session: sessionColumns,
          user: publicColumns,
          isStale: sql<boolean>`${sessions.lastUsedAt} < now() - ${milliseconds(Math.min(TOUCH_MS, options.idleMs / 2))}`,
        })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.tokenHash, hashToken(token)), goesOn(options))),
  );
  if (row === undefined) return undefined;
  if (row.isStale) await touch(database, row.session.id);
  return row;
}

/** The user's sessions that go on, the newest first. */
export async function listSessions(
  database: Database,
  userId: number,
  options: SessionOptions,
): Promise<readonly Session[]> {
  return await statement(
    database,
    async (orm) =>
      await orm
        .select(sessionColumns)
        .from(sessions)
        .where(and(eq(sessions.userId, userId), goesOn(options)))
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
  options: SessionOptions,
): Promise<boolean> {
  const rows = await statement(
    database,
    async (orm) =>
      await orm
        .select({ id: sessions.id })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(
          and(eq(users.emailNormalized, emailNormalized), eq(sessions.address, address), goesOn(options)),
        )
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
function goesOn({ idleMs }: SessionOptions) {
  return and(
    gt(sessions.expiresAt, sql`now()`),
    gt(sessions.lastUsedAt, sql`now() - ${milliseconds(idleMs)}`),
  );
}

function milliseconds(count: number) {
  return sql`${count}::float8 * interval '1 millisecond'`;
}

/** A header is bytes, which Node reads as Latin-1: no NUL can be in it, and half of a pair neither. */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
