import { dictionary } from "@zxcvbn-ts/language-common";
import { foldCase } from "./fold-case.ts";

/** Every entry is in folded form, as it comes. */
const COMMON: ReadonlySet<string> = new Set(dictionary["passwords-common"]);

/**
 * Whether everybody's list of passwords to try holds this one, in any case. The list is a part of the program; no
 * password leaves the process.
 */
export function isCommonPassword(password: string): boolean {
  return COMMON.has(foldCase(password));
}

/** The list itself, in folded form. */
export function commonPasswords(): readonly string[] {
  return [...COMMON];
}
