import { hash as argon2 } from "@node-rs/argon2";
import type { HashQueue } from "./hash-queue.ts";
import type { PasswordRules } from "./password-rules.ts";

/** argon2id with 19 MiB, two passes, one lane: OWASP's minimum, some 16 ms of one processor. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** The cost that passlib takes, as in the hashes that are there. */
const BCRYPT_COST = 12;

/** Makes the text that goes into `hashed_password`. */
export type HashPassword = (password: string) => Promise<string>;

/**
 * How passwords are hashed. For argon2id a password is taken in NFKC, so that it is the same from every keyboard;
 * bcrypt's is for a Python service that reads the same table, so it gets the bytes that passlib would.
 */
export function createPasswordHasher(scheme: PasswordRules["scheme"], queue: HashQueue): HashPassword {
  const hash = SCHEMES[scheme];
  return async (password) => await queue(async () => await hash(password));
}

const SCHEMES: Readonly<Record<PasswordRules["scheme"], HashPassword>> = {
  argon2id: argon2idHash,
  bcrypt: bcryptHash,
};

async function argon2idHash(password: string): Promise<string> {
  return await argon2(password.normalize("NFKC"), ARGON2ID);
}

async function bcryptHash(password: string): Promise<string> {
  const { hash } = await import("@node-rs/bcrypt");
  return await hash(password, BCRYPT_COST);
}
