import type { Database } from "wellhead";
import { nowAndThen, transaction, write } from "../db/index.ts";
import { audit, TooManyRequestsError, type RequestFacts } from "../http/index.ts";
import { networkOf, type Hit, type RateLimits } from "../limits/index.ts";
import {
  findCredentials,
  HashQueueFullError,
  normalizeEmail,
  replaceHash,
  type Credentials,
  type PasswordHasher,
} from "../users/index.ts";
import {
  forgetExpired,
  isSignedInFrom,
  startSession,
  type SessionOptions,
  type SignedIn,
} from "./sessions.ts";

export interface SignInLimits {
  /** How many attempts may fail an hour from one IP address, whoever they are for; 0: as many as they like. */
  readonly perAddress: number;
  /**
   * How many attempts may fail an hour for one account, from wherever they come, and a fifth of that from one IP
   * address; 0: as many as they like.
   */
  readonly perAccount: number;
}

export interface SignInServices {
  readonly database: Database;
  readonly passwords: PasswordHasher;
  readonly limits: RateLimits;
  readonly sessions: SessionOptions;
  readonly signInLimits: SignInLimits;
}

type SignInOutcome =
  | ({ readonly kind: "signed-in"; readonly token: string } & SignedIn)
  /** The user is not known or the password is wrong: nobody is told which. */
  | { readonly kind: "refused" };

/** Signs somebody in. */
export type SignIn = (
  credentials: { readonly email: string; readonly password: string },
  request: RequestFacts,
) => Promise<SignInOutcome>;

/**
 * Makes what signs in. An attempt counts as failed until it has succeeded, so that many at once are no way around the
 * limits. For a user who is not known the same statements run and the same hash is made as for a wrong password.
 *
 * The function that it gives throws {@link TooManyRequestsError} `E_TOO_MANY_REQUESTS` and `E_HASH_QUEUE_FULL`.
 */
export function createSignIn(services: SignInServices): SignIn {
  const { database, limits, passwords } = services;
  const forget = nowAndThen(async () => await forgetExpired(database));
  return async ({ email, password }, request) => {
    const emailNormalized = normalizeEmail(email);
    const [hits, found] = await Promise.all([
      takeAttempt(emailNormalized, request, services),
      findCredentials(database, emailNormalized),
    ]);
    const isRight = await passwords.verify(password, found?.hashedPassword).catch(async (error: unknown) => {
      // Nobody has looked at the password: it has not failed.
      if (error instanceof HashQueueFullError) await limits.giveBack(hits);
      throw error;
    });
    if (!isRight || found === undefined) {
      audit(request, { event: "login-failed", ...(found !== undefined && { userId: found.user.id }) });
      return { kind: "refused" };
    }
    const newHash = await rehash(password, found, passwords);
    const start = async () => await startSession(found.user, request.client, services.sessions);
    const [started] = await Promise.all([
      newHash === undefined
        ? write(database, start)
        : transaction(database, async (orm) => {
            await replaceHash(orm, found, newHash);
            return await start();
          }),
      limits.giveBack(hits),
    ]);
    await forget();
    if (newHash !== undefined) audit(request, { event: "rehashed", userId: found.user.id });
    audit(request, { event: "login", userId: found.user.id, sessionId: started.session.id });
    return { kind: "signed-in", user: found.user, ...started };
  };
}

/**
 * Counts the attempt. The account's own limit is there against many addresses at once, and would let them lock its
 * user out: so it does not hold where the user is signed in already.
 */
async function takeAttempt(
  emailNormalized: string,
  request: RequestFacts,
  { database, limits, sessions, signInLimits }: SignInServices,
): Promise<readonly Hit[]> {
  const { address } = request.client;
  const { perAccount, perAddress } = signInLimits;
  const here: readonly Hit[] = [
    { limit: { name: "login-address", perHour: perAddress }, subject: networkOf(request.client) },
    {
      limit: { name: "login-account-address", perHour: Math.ceil(perAccount / 5) },
      subject: `${emailNormalized}\n${networkOf(request.client) ?? ""}`,
    },
  ];
  const everywhere: Hit = { limit: { name: ACCOUNT, perHour: perAccount }, subject: emailNormalized };
  try {
    await limits.take([...here, everywhere], request);
    return [...here, everywhere];
  } catch (error) {
    const isAccounts = error instanceof TooManyRequestsError && error.limit === ACCOUNT;
    if (!isAccounts || address === undefined) throw error;
    if (!(await isSignedInFrom(database, emailNormalized, address, sessions))) throw error;
    await limits.take(here, request);
    return here;
  }
}

const ACCOUNT = "login-account";

/** A new hash where the old one is of a scheme of the past. Where too many wait for theirs it can wait for the next time. */
async function rehash(
  password: string,
  { hashedPassword }: Credentials,
  passwords: PasswordHasher,
): Promise<string | undefined> {
  if (!passwords.isOutdated(password, hashedPassword)) return undefined;
  try {
    return await passwords.hash(password);
  } catch (error) {
    if (error instanceof HashQueueFullError) return undefined;
    throw error;
  }
}
