import { codePoints, refused, tooLong, tooShort, type Checked } from "./checked.ts";
import { commonPasswords, isCommonPassword } from "./common-passwords.ts";
import { foldCase } from "./fold-case.ts";

/** The longest password, in code points: far beyond every password manager's, and nothing to hash for long. */
export const PASSWORD_MAX_LENGTH = 1024;
/** bcrypt reads no further, and nothing may be cut off in silence. */
export const BCRYPT_MAX_BYTES = 72;

export interface PasswordRules {
  /** In code points; 8 unless `PASSWORD_MIN_LENGTH` says more. */
  readonly minLength: number;
  /** What writes the hash: bcrypt takes 72 bytes at most. */
  readonly scheme: "argon2id" | "bcrypt";
}

/**
 * Judges a password by itself: its length and whether it is a common one. There are no rules of composition, which
 * NIST advises against.
 *
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver | NIST SP 800-63B-4, 3.1.1.2}
 */
export function checkPassword(password: string, rules: PasswordRules): Checked<string> {
  if (codePoints(password) > PASSWORD_MAX_LENGTH) return tooLong(PASSWORD_MAX_LENGTH);
  // The hash is made of the normalised form; whichever is shorter is what has to be guessed.
  const length = Math.min(codePoints(password), codePoints(password.normalize("NFKC")));
  if (length < rules.minLength) return tooShort(rules.minLength);
  if (rules.scheme === "bcrypt" && Buffer.byteLength(password) > BCRYPT_MAX_BYTES) {
    return refused("string_too_long", `String should have at most ${BCRYPT_MAX_BYTES} bytes`);
  }
  if (isCommonPassword(password))
    return refused("password_common", "This password is on every list of common passwords");
  return { kind: "accepted", value: password };
}

/** The rules as data, for whoever judges a password before it is sent. */
export interface PasswordRulesData {
  /** In code points, of the password and of its NFKC form. */
  readonly minLength: number;
  readonly maxLength: number;
  /** In bytes of UTF-8, where the scheme reads no more. */
  readonly maxBytes?: number;
  /** Passwords that are refused in whatever case, those that are long enough; in folded form (NFKC, upper, then lower case). */
  readonly common: readonly string[];
}

/** Describes the rules of {@link checkPassword}. */
export function describePasswordRules({ minLength, scheme }: PasswordRules): PasswordRulesData {
  return {
    minLength,
    maxLength: PASSWORD_MAX_LENGTH,
    ...(scheme === "bcrypt" && { maxBytes: BCRYPT_MAX_BYTES }),
    common: commonPasswords().filter((password) => codePoints(password) >= minLength),
  };
}

/** Whether the password is what everybody knows who knows the user: the address, its local part, the name. */
export function isPersonal(password: string, known: readonly unknown[]): boolean {
  const folded = withoutBlanks(password);
  return known
    .flatMap((text) => (typeof text === "string" ? [text, localPart(text)] : []))
    .some((text) => withoutBlanks(text) === folded);
}

function localPart(email: string): string {
  return email.slice(0, Math.max(0, email.lastIndexOf("@")));
}

function withoutBlanks(text: string): string {
  return foldCase(text).replaceAll(/\s+/g, "");
}
