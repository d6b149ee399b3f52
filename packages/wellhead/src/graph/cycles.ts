import type { WellheadError } from "../wellhead-error.ts";
import type { Edges, Index } from "./edges.ts";
import type { Declaration } from "./links.ts";
import { CycleError, DependencyCycleError, DependencySelfLoopError, SelfLoopError } from "./load-errors.ts";

/** @throws E_SELF_LOOP, E_DEPENDENCY_SELF_LOOP */
export function refuseSelfLoops(declarations: readonly Declaration[]): void {
  for (const declaration of declarations) {
    if (declaration.revises.includes(declaration.revision)) throw new SelfLoopError(declaration);
    const { revision, labels, dependsOn } = declaration;
    if (dependsOn.some((name) => name === revision || labels.includes(name))) {
      throw new DependencySelfLoopError(declaration);
    }
  }
}

/**
 * The error for revisions that cannot be put into an order: a circle of down revisions, or one that needs a dependency.
 * Any circle counts, also one with revisions above and below it, which Alembic takes.
 */
export function cycleError(declarations: readonly Declaration[], down: Edges, allDown: Edges): WellheadError {
  const cycle = findCycle(down);
  if (cycle !== undefined) return new CycleError(named(declarations, cycle));
  return new DependencyCycleError(named(declarations, findCycle(allDown) ?? []));
}

function named(declarations: readonly Declaration[], indexes: readonly Index[]): Declaration[] {
  return indexes.flatMap((index) => declarations[index] ?? []);
}

/** Takes away, again and again, what nothing leads to; what stays holds a circle. */
function findCycle(edges: Edges): Index[] | undefined {
  const incoming = new Int32Array(edges.size);
  const indexes = [...incoming.keys()];
  for (const index of indexes) for (const to of edges.of(index)) incoming[to] = (incoming[to] ?? 0) + 1;
  const free = indexes.filter((index) => incoming[index] === 0);
  for (const index of free) {
    for (const to of edges.of(index)) {
      const left = (incoming[to] ?? 0) - 1;
      incoming[to] = left;
      if (left === 0) free.push(to);
    }
  }
  return free.length === edges.size ? undefined : circleAmong(edges, incoming);
}

/**
 * Everything left has an incoming edge from what is left too. Walking backwards therefore never ends, and what is met
 * twice lies on a circle.
 */
function circleAmong(edges: Edges, incoming: Int32Array): Index[] {
  const cameFrom = new Map<Index, Index>();
  for (const [from, count] of incoming.entries()) {
    if (count === 0) continue;
    for (const to of edges.of(from)) if (!cameFrom.has(to)) cameFrom.set(to, from);
  }
  const seen = new Set<Index>();
  let index = incoming.findIndex((count) => count > 0);
  while (!seen.has(index)) {
    seen.add(index);
    index = cameFrom.get(index) ?? index;
  }
  const circle = [index];
  for (let back = cameFrom.get(index); back !== undefined && back !== index; back = cameFrom.get(back))
    circle.push(back);
  return startingWithFirst(circle.toReversed());
}

/** The same circle, begun at the revision that was loaded first. */
function startingWithFirst(circle: readonly Index[]): Index[] {
  const start = circle.indexOf(circle.reduce((first, index) => Math.min(first, index)));
  return [...circle.slice(start), ...circle.slice(0, start)];
}
