import { readFileSync } from "node:fs";
import type { RevisionGraph } from "../../graph/index.ts";
import { patchText } from "../../git/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import type { CommuteProof, GroupProof, RevisionFailure } from "../../prove/index.ts";
import { replaceHead } from "../../revisions/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { rebasedMigrations } from "../rebase/rebased-migrations.ts";
import { queueOrder, type HeadMove, type HeadPair } from "./queue-order.ts";
import type { UnitedBranches } from "./unite-branches.ts";

/** How branches can land one after the other. */
export type Landing =
  /** No order needs another head line. */
  | { readonly kind: "any" }
  | ({ readonly kind: "order" } & LandingOrder)
  /** These stand in each other's way in every order; or one fails whatever the order, and `error` says of what. */
  | {
      readonly kind: "none";
      readonly heads: readonly LandingHead[];
      readonly error?: RevisionFailure | undefined;
    };

/** An order, and what has to change for it. */
interface LandingOrder {
  readonly order: readonly LandingHead[];
  readonly moves: readonly LandingMove[];
  /** The moves, for `git apply`. */
  readonly patch: string;
  /** The revisions as they are then. */
  readonly migrations: Migrations;
}

/** A head and the branch that it comes from; undefined for one of the work tree. */
export interface LandingHead {
  readonly head: string;
  readonly ref: string | undefined;
}

/** A revision of a branch that has to revise others. */
export interface LandingMove {
  readonly revision: string;
  readonly ref: string | undefined;
  /** From the top of the repository. */
  readonly path: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Works out from what is proved of the heads in which order the branches can land, and which of them has to give way. */
export function planLanding(
  united: UnitedBranches,
  migrations: Migrations,
  { pairs, groups = [] }: CommuteProof,
): Landing {
  const { graph } = migrations;
  const heads = inQueue(graph.heads({ resolveDependencies: true }), united);
  const found = queueOrder(heads, [
    ...pairs.map(headPair),
    ...groups.flatMap((group) => inARow(group, heads)),
  ]);
  if (found.kind === "none") return { kind: "none", heads: found.heads.map((head) => withRef(head, united)) };
  if (found.moves.length === 0) return { kind: "any" };
  const moved = movedMigrations(migrations, found.moves);
  if (moved === undefined) return { kind: "none", heads: heads.map((head) => withRef(head, united)) };
  const moves = changesBetween(graph, moved.graph, united);
  return {
    kind: "order",
    order: found.order.map((head) => withRef(head, united)),
    moves,
    patch: patchText(moves.map((move) => patched(move, united))),
    migrations: moved,
  };
}

/** Those of the work tree first, then branch by branch as they were named. */
function inQueue(heads: readonly string[], { branches, ...united }: UnitedBranches): string[] {
  const place = (head: string): number => {
    const { ref } = withRef(head, united);
    return branches.findIndex((branch) => branch.ref === ref);
  };
  return heads.toSorted((one, other) => place(one) - place(other));
}

export function withRef(head: string, { revisions }: Pick<UnitedBranches, "revisions">): LandingHead {
  return { head, ref: revisions.find(({ file }) => file.revision === head)?.refs[0] };
}

function headPair({ heads, verdict, orders, failsAlone = [] }: CommuteProof["pairs"][number]): HeadPair {
  return { heads, commute: verdict === "commute", runs: [orders[0].ok, orders[1].ok], failsAlone };
}

/** Heads that commute two by two and not together: one behind the other, as they stand in the queue. */
function inARow({ heads, verdict }: GroupProof, queue: readonly string[]): HeadPair[] {
  if (verdict === "commute") return [];
  const row = queue.filter((head) => heads.includes(head));
  return row
    .slice(1)
    .map((head, index) => ({ heads: [row[index] ?? "", head], commute: false, runs: [true, true] }));
}

/** The revisions after all moves, each made where the ones before have led; undefined where one cannot be made. */
function movedMigrations(migrations: Migrations, moves: readonly HeadMove[]): Migrations | undefined {
  try {
    return moves.reduce(
      (before, { head, onto }) =>
        rebasedMigrations(before, before.graph.rebase(head, { onto: tips(before.graph, onto) })),
      migrations,
    );
  } catch (error) {
    if (error instanceof WellheadError) return undefined;
    throw error;
  }
}

/** Without those that another of them builds on by now. */
function tips(graph: RevisionGraph, ids: readonly string[]): string[] {
  const isBelow = (one: string, other: string): boolean =>
    one !== other && graph.planUpgrade({ from: [], to: other }).some(({ revision }) => revision === one);
  return ids.filter((one) => !ids.some((other) => isBelow(one, other)));
}

function changesBetween(
  before: RevisionGraph,
  after: RevisionGraph,
  { revisions }: UnitedBranches,
): readonly LandingMove[] {
  return revisions.flatMap(({ file: { revision }, path, refs }) => {
    const [from, to] = [before.get(revision).revises, after.get(revision).revises];
    return from.join(" ") === to.join(" ") ? [] : [{ revision, ref: refs[0], path, from, to }];
  });
}

function patched(
  { revision, path, to }: LandingMove,
  { revisions }: UnitedBranches,
): Parameters<typeof patchText>[0][number] {
  const united = revisions.find(({ file }) => file.revision === revision);
  if (united === undefined) throw new Error("unreachable: every move is of a united revision");
  const before = united.content ?? readFileSync(united.file.file, "utf8");
  const mark = before.startsWith("\uFEFF") ? "\uFEFF" : "";
  const after = mark + replaceHead(before.slice(mark.length), { revises: to }, united.file);
  return { path, before, after };
}
