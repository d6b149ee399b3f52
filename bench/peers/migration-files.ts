import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Change } from "../support/changes.ts";

/** Writes one file a change into a folder inside `folder`. */
export function writeEach(
  folder: string,
  changes: readonly Change[],
  file: (change: Change) => { readonly name: string; readonly text: string },
): void {
  mkdirSync(folder, { recursive: true });
  for (const change of changes) {
    const { name, text } = file(change);
    writeFileSync(join(folder, name), text);
  }
}

/** `create t00` as a part of a file's name. */
export function slug({ name }: Change): string {
  return name.replaceAll(" ", "_");
}

/** A time as the tools number their migrations by, 14 digits, one second after the other. */
export function timestamp({ number }: Change): string {
  return new Date(Date.UTC(2025, 0, 1, 0, 0, number)).toISOString().replaceAll(/\D/gu, "").slice(0, 14);
}

/** A number with leading zeros, so that names sort. */
export function padded({ number }: Change, length = 4): string {
  return String(number).padStart(length, "0");
}

/** A text as a template literal of JavaScript. */
export function literal(text: string): string {
  return `\`${text.replaceAll(/[\\`$]/gu, "\\$&")}\``;
}
