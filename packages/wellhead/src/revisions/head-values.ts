import { RevisionHeadError } from "./errors.ts";
import type { HeadLine } from "./head-line.ts";

/**
 * Checks an id that a head names.
 *
 * @throws RevisionHeadError E_REVISION_HEAD for an empty id, and for a character that targets (`a@head`, `a-1`,
 * `a+1`, `a:b`) or lists (`a, b`) need for themselves
 */
export function checkHeadId(id: string, line: number, path: string): string {
  if (id === "") {
    throw new RevisionHeadError(
      { path, line },
      id,
      "The revision has an empty id.",
      "write the id that the file's name begins with",
    );
  }
  const characters = forbiddenInId(id);
  if (characters.length === 0) return id;
  throw new RevisionHeadError(
    { path, line },
    id,
    `\`${id}\` cannot be the id of a revision: it holds ${characters.join(" and ")}.`,
    /[,\s]/u.test(id)
      ? "separate several ids with commas; an id holds no blank and no comma"
      : "use letters, digits, `_` and `.`",
  );
}

/** The characters of a text that no id may hold, in words; none when it can be an id. */
export function forbiddenInId(id: string): readonly string[] {
  if (/^[\w.]+$/u.test(id)) return [];
  const named = [...new Set(id.match(/[@+:,-]/gu) ?? [])].map((character) => `\`${character}\``);
  if (/\s/u.test(id)) named.push("a blank");
  if (/\p{Cc}/u.test(id.replaceAll(/\s/gu, ""))) named.push("a control character");
  return named;
}

/**
 * Reads a comma list; an empty value is an empty list.
 *
 * @throws RevisionHeadError E_REVISION_HEAD for an empty entry and for one that stands twice
 */
export function readHeadList(found: HeadLine | undefined, path: string): readonly string[] {
  if (found === undefined || found.value === "") return [];
  const entries = found.value.split(",").map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const place = { path, line: found.line };
    if (entry === "") {
      throw new RevisionHeadError(
        place,
        found.value,
        `\`${found.key}: ${found.value}\` has an empty entry.`,
        "take the comma away, or write what is missing",
      );
    }
    if (entries.indexOf(entry) < index) {
      throw new RevisionHeadError(
        place,
        entry,
        `\`${found.key}: ${found.value}\` names ${entry} twice.`,
        "name it once",
      );
    }
  }
  return entries;
}

const isoDate =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?$/iu;

/**
 * Checks the date of a head: ISO 8601, with or without a time.
 *
 * @throws RevisionHeadError E_REVISION_HEAD for anything else, and for a day that does not exist
 */
export function checkCreated(found: HeadLine | undefined, path: string): string | undefined {
  if (found === undefined || found.value === "") return undefined;
  if (isRealTime(found.value)) return found.value;
  throw new RevisionHeadError(
    { path, line: found.line },
    found.value,
    `\`created: ${found.value}\` is not a date.`,
    "write it as 2025-08-12T11:02:02Z, or leave the line out",
  );
}

function isRealTime(text: string): boolean {
  const parts = isoDate.exec(text);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  // The day before the first of the next month is the last one.
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour < 24 && minute < 60 && second <= 60;
}
