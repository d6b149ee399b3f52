import type { Database } from "wellhead";
import { orm, sql, transaction, write } from "../db/index.ts";
import { audit, type RequestFacts } from "../http/index.ts";
import { networkOf, type Hit, type RateLimits } from "../limits/index.ts";
import { HashQueueFullError } from "./errors.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { Registration } from "./registration.ts";
import { publicColumns, users, type User } from "./table.ts";

export interface RegisterServices {
  readonly database: Database;
  readonly passwords: PasswordHasher;
  readonly limits: RateLimits;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly registration: RegistrationOptions;
}

export interface RegistrationOptions {
  /** `uniform`: a known address gets the answer of a new one, which then tells nothing of the user. */
  readonly mode: "plain" | "uniform";
  /** How many registrations an hour from one IP address; 0: as many as they like. */
  readonly perAddress: number;
  /** How many registrations an hour of one e-mail address; 0: as many as they like. */
  readonly perEmail: number;
}

export interface RegisterOptions {
  /** The `Idempotency-Key` that came along. In uniform mode it makes no difference: every retry is safe there. */
  readonly idempotencyKey?: string | undefined;
}

export type RegisterOutcome =
  | { readonly kind: "registered"; readonly user: User }
  | { readonly kind: "email-taken" }
  /** In uniform mode: the user is registered, or was before. */
  | { readonly kind: "received" }
  /** The key stands for another registration. */
  | { readonly kind: "key-taken" };

/**
 * Registers a user: the hash first, which holds no connection and takes the same time for a known address, then one
 * INSERT, which alone decides who of several was first. It resolves only after COMMIT has returned.
 *
 * @throws {TooManyRequestsError} `E_TOO_MANY_REQUESTS`
 * @throws {HashQueueFullError} `E_HASH_QUEUE_FULL`
 */
export async function register(
  registration: Registration,
  request: RequestFacts,
  services: RegisterServices,
  { idempotencyKey }: RegisterOptions = {},
): Promise<RegisterOutcome> {
  const taken = hits(registration, request, services.registration);
  await services.limits.take(taken, request);
  const outcome = await answer(registration, services, idempotencyKey).catch(async (error: unknown) => {
    // Who is told to come again at once has had no turn.
    if (error instanceof HashQueueFullError) await services.limits.giveBack(taken);
    throw error;
  });
  if (outcome.newId !== undefined) audit(request, { event: "registered", userId: outcome.newId });
  return outcome;
}

async function answer(
  registration: Registration,
  services: RegisterServices,
  idempotencyKey: string | undefined,
): Promise<Insertion> {
  if (services.registration.mode === "uniform") return await receive(registration, services);
  return idempotencyKey === undefined
    ? await insert(registration, services)
    : await insertOnce(registration, services, idempotencyKey);
}

function hits(
  { email }: Registration,
  { client }: RequestFacts,
  { perAddress, perEmail }: RegistrationOptions,
): readonly Hit[] {
  return [
    { limit: { name: "register-address", perHour: perAddress }, subject: networkOf(client) },
    { limit: { name: "register-email", perHour: perEmail }, subject: email.normalized },
  ];
}

/** What came of it, and the id of the user if this call has made one. */
type Insertion = RegisterOutcome & { readonly newId?: number | undefined };

async function insert(
  registration: Registration,
  { database, passwords }: RegisterServices,
): Promise<Insertion> {
  const hashedPassword = await passwords.hash(registration.password);
  const user = await write(database, async () => await insertUser(registration, hashedPassword));
  return user === undefined ? { kind: "email-taken" } : { kind: "registered", user, newId: user.id };
}

/** Of several at once with one key or one address, all but the first wait in the transaction, and look again after it. */
async function insertOnce(
  registration: Registration,
  { database, passwords, idempotencyKeys }: RegisterServices,
  key: string,
): Promise<Insertion> {
  const earlier = replay(await idempotencyKeys.find(key, registration));
  if (earlier !== undefined) return earlier;
  const hashedPassword = await passwords.hash(registration.password);
  const user = await transaction(database, async (orm) => {
    const inserted = await insertUser(registration, hashedPassword);
    if (inserted === undefined) return undefined;
    if (!(await idempotencyKeys.keep(orm, key, registration, inserted.id))) throw KEY_TAKEN;
    return inserted;
  }).catch((error: unknown) => {
    if (error !== KEY_TAKEN) throw error;
  });
  if (user !== undefined) return { kind: "registered", user, newId: user.id };
  return replay(await idempotencyKeys.find(key, registration)) ?? { kind: "email-taken" };
}

/** Rolls the transaction back: the user must not stay without the key. */
const KEY_TAKEN = new Error("the key stands for another registration");

function replay(earlier: Awaited<ReturnType<IdempotencyKeys["find"]>>): Insertion | undefined {
  switch (earlier.kind) {
    case "none":
      return undefined;
    case "same":
      return { kind: "registered", user: earlier.user };
    case "different":
      return { kind: "key-taken" };
  }
}

async function insertUser(registration: Registration, hashedPassword: string): Promise<User | undefined> {
  const [user] = await insertUnlessKnown.execute(rowOf(registration, hashedPassword));
  return user;
}

const insertUnlessKnown = orm
  .insert(users)
  .values({
    email: sql.placeholder("email"),
    emailNormalized: sql.placeholder("emailNormalized"),
    fullName: sql.placeholder("fullName"),
    hashedPassword: sql.placeholder("hashedPassword"),
  })
  // Of this one conflict only: a clash of ids is a fault, not a known address.
  .onConflictDoNothing({ target: users.emailNormalized })
  .returning(publicColumns)
  .prepare("insert_user");

/** Writes either way, a row that is known as it was, so that COMMIT takes its time for both. */
async function receive(
  registration: Registration,
  { database, passwords }: RegisterServices,
): Promise<Insertion> {
  const hashedPassword = await passwords.hash(registration.password);
  const [row] = await write(
    database,
    async (orm) =>
      await orm
        .insert(users)
        .values(rowOf(registration, hashedPassword))
        .onConflictDoUpdate({
          target: users.emailNormalized,
          set: { emailNormalized: sql`${users.emailNormalized}` },
        })
        // A row that was updated names the transaction that has replaced its old version: this one.
        .returning({ id: users.id, isNew: sql<boolean>`xmax = 0` }),
  );
  return { kind: "received", newId: row?.isNew === true ? row.id : undefined };
}

function rowOf(registration: Registration, hashedPassword: string) {
  return {
    email: registration.email.typed,
    emailNormalized: registration.email.normalized,
    fullName: registration.full_name,
    hashedPassword,
  };
}
