// Cuts a .sql revision at its markers. A marker is a whole-line comment at the top level of the script: inside a
// string, a dollar quote, a block comment, brackets or the body of a BEGIN ATOMIC function the same text is part of
// a statement.

import { cutWrittenSections } from "./as-written.ts";
import { RevisionSectionError, type Place } from "./errors.ts";
import { lineOf } from "./lines.ts";
import { editDistance } from "./nearest.ts";
import { scanComments, type SqlToken } from "./sql-scanner.ts";
import type { SqlScript, SqlSections } from "./sql-sections.ts";

/**
 * The sections of a `.sql` revision. A marker is `-- upgrade` or `-- downgrade` alone on its line, in any case, a
 * colon after it allowed; the sections may stand in either order.
 *
 * @param path - as shown to people, for the errors
 * @throws RevisionSectionError E_REVISION_SECTION when there is no upgrade section, a section is there twice, a
 * statement stands above the first marker, a comment is almost a marker (what follows it would run in the wrong
 * direction), or a quote never ends
 */
export function splitSections(text: string, path: string): SqlSections {
  return cutWrittenSections(text) ?? splitAtMarkers(text, path);
}

/** The same for every form of a text. */
export function splitAtMarkers(text: string, path: string): SqlSections {
  const markers = findMarkers(text, path);
  const upgrade = markers.find((marker) => marker.direction === "upgrade");
  const downgrade = markers.find((marker) => marker.direction === "downgrade");
  if (upgrade === undefined) throw missingUpgrade({ path, line: 1 });
  const section = (marker: Marker): SqlScript => {
    const next = markers.find((other) => other.start > marker.start);
    return { text: text.slice(marker.bodyStart, next?.lineStart ?? text.length), line: marker.line + 1 };
  };
  return {
    upgrade: section(upgrade),
    downgrade: downgrade === undefined ? undefined : section(downgrade),
  };
}

/** The error for a revision without an upgrade section. */
export function missingUpgrade(place: Place): RevisionSectionError {
  return new RevisionSectionError(
    place,
    "The revision has no `-- upgrade` section.",
    "write `-- upgrade` on a line of its own above the statements (also when there are none)",
  );
}

type Direction = "upgrade" | "downgrade";

interface Marker {
  readonly direction: Direction;
  readonly line: number;
  readonly start: number;
  /** Where its line begins, and where the line after it does. */
  readonly lineStart: number;
  readonly bodyStart: number;
}

function findMarkers(text: string, path: string): readonly Marker[] {
  const markers: Marker[] = [];
  const placeOf = ({ start }: SqlToken): Place => ({ path, line: lineOf(text, start) });
  let suspect: Place | undefined;
  for (const token of scanComments(text)) {
    if (token.kind === "unterminated") {
      // The data of a COPY can hold any quote; `checkScript` has the better word for it.
      if (/\bcopy\b[^;]*\bfrom\s+stdin\b/iu.test(text.slice(0, token.start))) break;
      throw unterminated(token, placeOf(token));
    }
    if (token.kind === "line-comment") {
      if (token.depth > 0 || !mayConcernSections(text, token)) continue;
      const direction = readMarker(text, token, placeOf);
      if (direction === undefined) {
        if (isDowngradeProse(text, token)) suspect ??= placeOf(token);
        continue;
      }
      const place = placeOf(token);
      checkNotTwice(markers, direction, place);
      markers.push({ direction, line: place.line, start: token.start, ...linesAround(text, token) });
    } else if (markers.length === 0) {
      throw new RevisionSectionError(
        placeOf(token),
        "A statement stands above the first section.",
        "move it below `-- upgrade` or `-- downgrade`",
      );
    }
  }
  if (suspect !== undefined && !markers.some((marker) => marker.direction === "downgrade")) {
    throw notAMarker(suspect, "downgrade");
  }
  return markers;
}

type CommentToken = Extract<SqlToken, { kind: "line-comment" }>;

/** A quick look that most comments do not pass: each of the rules below begins with one of these. */
const sectionWords =
  /^--(?:[^A-Za-z]*(?:up|down)|\s*(?:[+]goose|[+]migrate|migrate\s*:|!|[A-Za-z]+\s*:?\s*$))/iu;

function mayConcernSections(text: string, { start, end }: CommentToken): boolean {
  return sectionWords.test(text.slice(start, end));
}

function readMarker(
  text: string,
  token: CommentToken,
  placeOf: (token: SqlToken) => Place,
): Direction | undefined {
  const { lineStart } = linesAround(text, token);
  if (text.slice(lineStart, token.start).trim() !== "") return undefined;
  const comment = text.slice(token.start + 2, token.end).trim();
  const direction = /^(upgrade|downgrade)\s*:?$/iu.exec(comment)?.[1]?.toLowerCase();
  if (direction === "upgrade" || direction === "downgrade") return direction;
  const almost = almostMarker(comment);
  if (almost !== undefined) throw notAMarker(placeOf(token), almost);
  return undefined;
}

function linesAround(
  text: string,
  { start, end }: CommentToken,
): { readonly lineStart: number; readonly bodyStart: number } {
  const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  const lineEnd = text.startsWith("\r\n", end) ? 2 : 1;
  return { lineStart, bodyStart: Math.min(end + lineEnd, text.length) };
}

/**
 * SQL below a marker that we do not take for one would run in the wrong direction, so what is nearly one is
 * refused.
 */
function notAMarker(place: Place, direction: Direction): RevisionSectionError {
  return new RevisionSectionError(
    place,
    `This comment reads like the marker of the ${direction} section, but is none.`,
    `write \`-- ${direction}\` alone on its line (a remark goes on the next), or say it in other words`,
  );
}

/**
 * `-- downgrade section`, `-- down migration`: harmless remarks where there is a real marker, else probably meant
 * as one.
 */
function isDowngradeProse(text: string, token: CommentToken): boolean {
  return /^--\s*(?:downgrade|down)\b/iu.test(text.slice(token.start, token.end));
}

function almostMarker(comment: string): Direction | undefined {
  // `downgrade: why`, `upgrade (slow)`, `-- upgrade --`, but not the prose of `upgrade the users`.
  const [, decorated] = /^[^A-Za-z]*(upgrade|downgrade)\s*(?:[^\w\s].*)?$/iu.exec(comment) ?? [];
  if (decorated !== undefined) return decorated.toLowerCase() === "upgrade" ? "upgrade" : "downgrade";
  const [, foreign] = /^(?:\+goose|\+migrate|migrate\s*:|!)\s*(up|down)\b/iu.exec(comment) ?? [];
  const word = (foreign ?? comment).toLowerCase().replace(/\s*:$/u, "");
  if (word === "up") return "upgrade";
  if (word === "down" || word === "rollback" || word === "revert") return "downgrade";
  if (!/^[a-z]{5,}$/u.test(word)) return undefined;
  if (editDistance(word, "downgrade") <= 2) return "downgrade";
  return editDistance(word, "upgrade") === 1 ? "upgrade" : undefined;
}

function checkNotTwice(markers: readonly Marker[], direction: Direction, place: Place): void {
  const earlier = markers.find((marker) => marker.direction === direction);
  if (earlier === undefined) return;
  throw new RevisionSectionError(
    place,
    `There is a second \`-- ${direction}\` section; the first begins in line ${earlier.line}.`,
    "join the two",
  );
}

function unterminated(
  token: Extract<SqlToken, { kind: "unterminated" }>,
  place: Place,
): RevisionSectionError {
  return new RevisionSectionError(place, `The ${token.what} that begins here never ends.`, "close it");
}
