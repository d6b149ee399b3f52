import { RevisionHeadError } from "./errors.ts";
import type { HeadLine } from "./head-line.ts";
import { lockModes, lockModeWords, readLockMode, type LockMode } from "./lock-mode.ts";

/** What a revision may do although `check` would refuse it, and why. */
export type Allowance =
  /** A lock up to this mode on these relations, written as people write them. */
  | {
      readonly kind: "lock";
      readonly mode: LockMode;
      readonly relations: readonly string[];
      readonly reason: string;
    }
  /** It may fail where tables hold rows: those that would make it fail cannot be there. */
  | { readonly kind: "failing-on-rows"; readonly reason: string };

/**
 * Reads an `allow` line: `access exclusive on users, orders, because they are small` or
 * `failing on rows, because the app keeps e-mails unique`.
 *
 * @throws RevisionHeadError E_REVISION_HEAD
 */
export function readAllowance({ value, line }: HeadLine, path: string): Allowance {
  const refuse = (message: string): RevisionHeadError =>
    new RevisionHeadError({ path, line }, value, message, WAYS);
  const [, what = "", reason = ""] = /^(.*?)[\s,]*\bbecause\b\s*(.*)$/iu.exec(value) ?? [];
  if (what === "" || reason === "") throw refuse("`allow` gives no reason.");
  if (/^failing\s+on\s+rows$/iu.test(what)) return { kind: "failing-on-rows", reason };
  const [, words = "", names = ""] = /^(.*?)\s+on\s+(.*)$/iu.exec(what) ?? [];
  const relations = names.split(",").map((name) => name.trim());
  if (words === "" || relations.includes(""))
    throw refuse(`\`allow: ${value}\` does not say what is allowed.`);
  const mode = readLockMode(words);
  if (mode === undefined) {
    throw refuse(`\`${words}\` is no mode of a lock; they are ${lockModes.map(lockModeWords).join(", ")}.`);
  }
  return { kind: "lock", mode, relations, reason };
}

const WAYS =
  "write `allow: access exclusive on users, because …` for a lock, `allow: failing on rows, because …` for rows that cannot be there; a line for each";
