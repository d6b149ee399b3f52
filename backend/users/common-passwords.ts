import { dictionary } from "@zxcvbn-ts/language-common";
import { foldCase } from "./fold-case.ts";

let common: ReadonlySet<string> | undefined;

/**
 * Whether everybody's list of passwords to try holds this one, in any case. The list is a part of the program; no
 * password leaves the process.
 */
export function isCommonPassword(password: string): boolean {
  common ??= new Set(dictionary["passwords-common"].map(foldCase));
  return common.has(foldCase(password));
}
