import { hash as argon2, verify as argon2Verify } from "@node-rs/argon2";
import type { HashQueue } from "./hash-queue.ts";
import { BCRYPT_MAX_BYTES, type PasswordRules } from "./password-rules.ts";

/** argon2id with 19 MiB, two passes, one lane: OWASP's minimum, some 16 ms of one processor. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** The cost that passlib takes, as in the hashes that are there. */
const BCRYPT_COST = 12;

/** What makes and checks the text in `hashed_password`; every call waits for its turn in the queue. */
export interface PasswordHasher {
  /** @throws {HashQueueFullError} `E_HASH_QUEUE_FULL` */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether the hash is the password's. Without a hash, or with one of no known format, the answer is no, after as
   * much work as with one.
   *
   * @throws {HashQueueFullError} `E_HASH_QUEUE_FULL`
   */
  readonly verify: (password: string, hash: string | undefined) => Promise<boolean>;
  /** Whether the password, which the hash is known to be of, is to be hashed anew. */
  readonly isOutdated: (password: string, hash: string) => boolean;
}

/**
 * How passwords are hashed. For argon2id a password is taken in NFKC, so that it is the same from every keyboard;
 * bcrypt's is for a Python service that reads the same table, so it gets the bytes that passlib would.
 */
export function createPasswordHasher(scheme: PasswordRules["scheme"], queue: HashQueue): PasswordHasher {
  return {
    hash: async (password) => await queue(async () => await SCHEMES[scheme].hash(password)),
    verify: async (password, hash = "") =>
      await queue(async () => {
        const known = schemeOf(hash);
        const isRight = await SCHEMES[known ?? scheme].verify(password, known ? hash : NOBODYS_HASH[scheme]);
        return isRight && known !== undefined;
      }),
    // Of a longer password bcrypt has read no more than its limit: a new hash of all would lock out who types less.
    isOutdated: (password, hash) =>
      scheme === "argon2id" && schemeOf(hash) === "bcrypt" && Buffer.byteLength(password) <= BCRYPT_MAX_BYTES,
  };
}

type Scheme = PasswordRules["scheme"];

interface HashFunctions {
  readonly hash: (password: string) => Promise<string>;
  readonly verify: (password: string, hash: string) => Promise<boolean>;
}

const SCHEMES: Readonly<Record<Scheme, HashFunctions>> = {
  argon2id: {
    hash: async (password) => await argon2(password.normalize("NFKC"), ARGON2ID),
    // A hash that is cut off or changed by hand is a password that nobody knows.
    verify: async (password, hash) => await argon2Verify(hash, password.normalize("NFKC")).catch(() => false),
  },
  bcrypt: {
    hash: async (password) => await (await import("@node-rs/bcrypt")).hash(password, BCRYPT_COST),
    verify: async (password, hash) => await (await import("@node-rs/bcrypt")).verify(password, hash),
  },
};

/** What is checked in place of a hash that is not there: of the same cost, of random bytes that nobody has kept. */
export const NOBODYS_HASH: Readonly<Record<Scheme, string>> = {
  argon2id:
    "$argon2id$v=19$m=19456,t=2,p=1$XHxwJ+V7NUsI3i9VBuD9Qg$Z+DSOine372nU0FpEkxc/BpU9kDwqVXSBclWx7W6WD0",
  bcrypt: "$2b$12$RiEkbcu2t8SomV.MRI7vZueKoDpGfnXaMdYNob9IM6eOVs.hpUww.",
};

function schemeOf(hash: string): Scheme | undefined {
  if (hash.startsWith("$argon2id$")) return "argon2id";
  return /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(hash) ? "bcrypt" : undefined;
}
