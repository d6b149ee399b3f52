import { isDeepStrictEqual } from "node:util";

import { RevisionGraph, WellheadError, type RevisionInput } from "wellhead/graph";

import { answer } from "./alembic-answers.ts";
import type { Answer, FixtureError, FixtureStep, Query } from "./alembic-fixtures.ts";

/** Our codes for each error class of Alembic; where a class covers several facts, for its message. */
const codes: readonly (readonly [errorClass: string, message: RegExp, codes: readonly string[]])[] = [
  ["MultipleHeads", /./, ["E_MULTIPLE_HEADS"]],
  ["ResolutionError", /^Multiple revisions start with/, ["E_AMBIGUOUS_REVISION"]],
  ["ResolutionError", /./, ["E_REVISION_NOT_FOUND"]],
  ["RangeNotAncestorError", /./, ["E_RANGE_NOT_ANCESTOR"]],
  ["CycleDetected", /./, ["E_CYCLE"]],
  ["DependencyCycleDetected", /./, ["E_DEPENDENCY_CYCLE"]],
  ["LoopDetected", /./, ["E_SELF_LOOP"]],
  ["DependencyLoopDetected", /./, ["E_DEPENDENCY_SELF_LOOP"]],
  ["RevisionError", /^Ambiguous /, ["E_AMBIGUOUS_WALK"]],
  ["RevisionError", /overlaps/, ["E_OVERLAPPING_REVISIONS"]],
  ["RevisionError", /^Branch name/, ["E_DUPLICATE_LABEL"]],
  ["RevisionError", /^Character/, ["E_INVALID_REVISION_ID"]],
  ["RevisionError", /didn't produce|^Walked too far|^Not a valid downgrade/, ["E_INVALID_TARGET"]],
  ["CommandError", /^Duplicate head/, ["E_DUPLICATE_HEAD"]],
  ["CommandError", /is not a head revision/, ["E_NOT_A_HEAD"]],
  // A parent or a dependency that no file declares.
  ["KeyError", /./, ["E_MISSING_PARENT", "E_MISSING_DEPENDENCY"]],
];

const crashes = new Set(["KeyError", "AssertionError", "IndexError"]);

/** Says why ours does not agree with the fixture, or nothing when it does. */
export function disagreement(
  graph: RevisionGraph,
  inputs: readonly RevisionInput[],
  query: Query,
): string | undefined {
  const ours = attempt(() => answer(graph, inputs, query));
  if (isDeliberate(query, ours) || isSeveralForOne(query, ours)) return undefined;
  const answers = query.anyOf ?? [query];
  const reasons = answers.map((expected) => mismatch(inputs, query, expected, ours));
  if (reasons.includes(undefined)) return undefined;
  return query.anyOf && isOrderOf(inputs, query, ours) ? undefined : reasons[0];
}

/** Whether ours refuses to load what Alembic refuses to load, for the same reason. */
export function loadDisagreement(inputs: readonly RevisionInput[], expected: Answer): string | undefined {
  const ours = attempt(() => RevisionGraph.of(inputs) && "loaded");
  return expected.error === undefined ? `Alembic loads it` : wrongCode(expected.error, ours);
}

type Ours = { readonly result: unknown } | { readonly error: WellheadError };

function attempt(run: () => unknown): Ours {
  try {
    return { result: plain(run()) };
  } catch (error) {
    if (error instanceof WellheadError) return { error };
    throw error;
  }
}

/** The differences from Alembic that the fixtures' README allows: one id twice, and a row beside its own ancestor. */
function isDeliberate(query: Query, ours: Ours): boolean {
  if (!("error" in ours)) return false;
  const { code } = ours.error;
  const idTwice = (query.warnings ?? []).some((warning) => warning.endsWith("is present more than once"));
  return (
    (idTwice && code === "E_DUPLICATE_REVISION") ||
    (query.kind === "stamp" && code === "E_OVERLAPPING_REVISIONS")
  );
}

/** The library has one way to resolve; where Alembic's `get_revision` refuses several it is given several. */
function isSeveralForOne(query: Query, ours: Ours): boolean {
  const refused = query.error?.cause?.errorClass === "MultipleHeads";
  return query.kind === "resolve_one" && refused && "result" in ours && Array.isArray(ours.result);
}

function mismatch(
  inputs: readonly RevisionInput[],
  query: Query,
  expected: Answer,
  ours: Ours,
): string | undefined {
  if (expected.error === undefined) {
    if ("error" in ours)
      return `ours: ${ours.error.code} ${ours.error.message}; Alembic: ${JSON.stringify(expected.result)}`;
    const theirs = comparable(expected.result);
    return isDeepStrictEqual(ours.result, theirs)
      ? undefined
      : `ours: ${JSON.stringify(ours.result)}; Alembic: ${JSON.stringify(theirs)}`;
  }
  if (expected.error.cause === undefined && crashes.has(expected.error.errorClass)) {
    return "error" in ours || doesRight(inputs, query, expected.error, ours.result)
      ? undefined
      : `nothing, where Alembic crashes`;
  }
  return wrongCode(expected.error, ours);
}

function wrongCode(error: FixtureError, ours: Ours): string | undefined {
  const { errorClass, message } = error.cause ?? error;
  const [, , wanted] = codes.find(([name, pattern]) => name === errorClass && pattern.test(message)) ?? [];
  if (wanted === undefined) return `no code for ${errorClass} ${message}`;
  if (!("error" in ours)) return `ours: ${JSON.stringify(ours.result)}; Alembic: ${message}`;
  return wanted.includes(ours.error.code)
    ? undefined
    : `ours: ${ours.error.code} ${ours.error.message}; Alembic: ${message}`;
}

/** Where Alembic crashes in a run, ours does what it had done before and goes on; elsewhere it gives an answer. */
function doesRight(
  inputs: readonly RevisionInput[],
  query: Query,
  error: FixtureError,
  result: unknown,
): boolean {
  if (query.kind === "history")
    return isTopological(inputs, (result as string[]).toReversed()) && (result as string[]).length > 0;
  if (query.kind !== "upgrade" && query.kind !== "stamp") return false;
  const { steps } = result as { steps: FixtureStep[] };
  if (query.kind === "stamp") return steps.length > 0;
  const before = error.stepsBefore ?? [];
  const order = steps.map((step) => step.revision ?? "");
  return (
    steps.length > before.length &&
    isDeepStrictEqual(steps.slice(0, before.length), before) &&
    isTopological(inputs, order)
  );
}

/** The rule for answers that depend on hashing: the same revisions in another valid order, and the same rows at the end. */
function isOrderOf(inputs: readonly RevisionInput[], query: Query, ours: Ours): boolean {
  if ("error" in ours) return false;
  const mine = orderIn(query, ours.result);
  return (query.anyOf ?? []).some((expected) => {
    if (expected.result === undefined) return false;
    const theirs = orderIn(query, expected.result);
    return (
      isDeepStrictEqual(mine.revisions.toSorted(), theirs.revisions.toSorted()) &&
      isDeepStrictEqual(mine.finalRows, theirs.finalRows) &&
      isTopological(inputs, query.kind.startsWith("upgrade") ? mine.revisions : mine.revisions.toReversed())
    );
  });
}

function orderIn(query: Query, result: unknown): { revisions: string[]; finalRows?: readonly string[] } {
  if (Array.isArray(result)) return { revisions: result as string[] };
  const { steps, finalRows } = result as { steps: FixtureStep[]; finalRows: string[] };
  return { revisions: steps.map((step) => step.revision ?? ""), finalRows };
}

/** Whether no revision comes before one that it revises or depends on. */
function isTopological(inputs: readonly RevisionInput[], oldestFirst: readonly string[]): boolean {
  const place = new Map(oldestFirst.map((id, index) => [id, index]));
  const ids = new Map(
    inputs.flatMap(({ revision, labels = [] }) => [revision, ...labels].map((name) => [name, revision])),
  );
  return inputs.every(({ revision, revises = [], dependsOn = [] }) => {
    const own = place.get(revision);
    if (own === undefined) return true;
    return [...revises, ...dependsOn].every((name) => (place.get(ids.get(name) ?? name) ?? -1) < own);
  });
}

/** File names belong to another room. */
function comparable(result: unknown): unknown {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return result;
  const { file: _file, ...others } = result as Record<string, unknown>;
  return others;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
