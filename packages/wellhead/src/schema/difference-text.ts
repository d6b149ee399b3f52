import { differingObject, type SchemaDifference } from "./compare-schemas.ts";

/** How much of a long definition is shown around the place where it differs, in characters. */
const SHOWN = 120;

/** One line about one object, before and after: `column public.users.nickname: text | varchar(40)`; what is not there is `absent`. */
export function differenceText(difference: SchemaDifference): string {
  const { kind, name } = differingObject(difference);
  const [before, after] = excerpts(
    "before" in difference ? difference.before.definition : undefined,
    "after" in difference ? difference.after.definition : undefined,
  );
  const remark =
    difference.kind === "incomparable" ? " (written by two versions of Postgres: not comparable)" : "";
  return `${kind} ${name}: ${before} | ${after}${remark}`;
}

function excerpts(before: string | undefined, after: string | undefined): readonly [string, string] {
  const texts = [before, after].map((text) => text?.replaceAll(/\s+/g, " ").trim());
  const [one, other] = texts;
  const start =
    one === undefined || other === undefined ? 0 : Math.max(commonPrefix(one, other) - SHOWN / 3, 0);
  const [shownBefore = "", shownAfter = ""] = texts.map((text) => excerpt(text, start));
  return [shownBefore, shownAfter];
}

/** Definitions that differ in their white space only are shown as they are. */
function excerpt(text: string | undefined, start: number): string {
  if (text === undefined) return "absent";
  if (text === "") return "present";
  if (text.length <= SHOWN) return text;
  const from = Math.min(start, text.length - SHOWN);
  const end = from + SHOWN;
  return `${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}`;
}

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
