import { differingObject, type SchemaDifference, type SchemaObject } from "../schema/index.ts";
import { shortName } from "./renames.ts";

/** What the two sides of a comparison are called. */
export interface SideWords {
  /** Of what only the first side has: `produced by the revisions, not declared`. */
  readonly onlyBefore: string;
  /** Of what only the second side has: `declared, not produced by any revision`. */
  readonly onlyAfter: string;
  /** How both are named before their definitions: `the revisions`, `the models`. */
  readonly before: string;
  readonly after: string;
}

/** Differences in words, a line each. Of a table that only one side has, its columns and all that hangs on it are not told again. */
export function differenceWords(
  differences: readonly SchemaDifference[],
  words: SideWords,
): readonly string[] {
  return told(differences).map((difference) => inWords(difference, words));
}

/** The differences that are worth a line. */
function told(differences: readonly SchemaDifference[]): readonly SchemaDifference[] {
  const carriers = new Set(
    differences
      .filter((each) => isCarrier(differingObject(each)) && ["added", "removed"].includes(each.kind))
      .map((each) => carrierKey(each)),
  );
  return differences.filter((each) => isCarrier(differingObject(each)) || !carriers.has(carrierKey(each)));
}

function inWords(difference: SchemaDifference, words: SideWords): string {
  const object = differingObject(difference);
  const name = `${object.kind} ${shortName(object.name).replace(/\bpublic\./g, "")}`;
  switch (difference.kind) {
    case "added":
      return `${name}: ${words.onlyAfter}`;
    case "removed":
      return `${name}: ${words.onlyBefore}`;
    case "changed":
      return `${name}: ${words.before} ${excerpt(difference.before)}, ${words.after} ${excerpt(difference.after)}`;
    case "incomparable":
      return `${name}: written by two versions of Postgres, cannot be compared`;
    default:
      return difference satisfies never;
  }
}

function excerpt({ definition }: SchemaObject): string {
  const text = definition.replaceAll(/\s+/g, " ").trim();
  if (text === "") return "plain";
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

function isCarrier({ kind }: SchemaObject): boolean {
  return kind === "table" || kind === "view" || kind === "materialized view";
}

function carrierKey(difference: SchemaDifference): string {
  const { schema, table } = differingObject(difference);
  return `${difference.kind === "added" ? "+" : difference.kind === "removed" ? "-" : "~"} ${schema}.${table}`;
}
