import {
  CycleError,
  DependencyCycleError,
  DependencySelfLoopError,
  DuplicateLabelError,
  DuplicateRevisionError,
  InvalidRevisionIdError,
  MissingDependencyError,
  MissingParentError,
  RevisionGraph,
  SelfLoopError,
  type RevisionInput,
} from "../../graph/index.ts";
import { WellheadError } from "../../wellhead-error.ts";

/** Who has that many has one cause. */
const MOST = 50;

/**
 * All that keeps revisions from being a graph; nothing when they are one. The graph names the first problem it meets,
 * so that one is taken away and the rest is tried again.
 */
export function graphProblems(revisions: readonly RevisionInput[]): WellheadError[] {
  const problems: WellheadError[] = [];
  let left: readonly RevisionInput[] | undefined = revisions;
  while (left !== undefined && problems.length < MOST) {
    const problem = firstProblem(left);
    if (problem === undefined) break;
    problems.push(problem);
    left = without(left, problem);
  }
  return problems;
}

function firstProblem(revisions: readonly RevisionInput[]): WellheadError | undefined {
  try {
    RevisionGraph.of(revisions);
    return undefined;
  } catch (error) {
    if (error instanceof WellheadError) return error;
    throw error;
  }
}

/** The revisions without what the problem is about; undefined for one that cannot be taken away. */
function without(revisions: readonly RevisionInput[], problem: WellheadError): RevisionInput[] | undefined {
  if (problem instanceof InvalidRevisionIdError) return withoutRevision(revisions, problem.revision);
  if (problem instanceof DuplicateRevisionError) {
    const first = revisions.findIndex(({ revision }) => revision === problem.revision);
    return revisions.filter(({ revision }, index) => revision !== problem.revision || index === first);
  }
  if (problem instanceof DuplicateLabelError) {
    return withoutNames(revisions, problem.revisions.slice(1), { labels: [problem.label] });
  }
  if (problem instanceof MissingParentError)
    return withoutNames(revisions, [problem.revision], { revises: [problem.parent] });
  if (problem instanceof MissingDependencyError)
    return withoutNames(revisions, [problem.revision], { dependsOn: [problem.dependency] });
  if (problem instanceof SelfLoopError)
    return withoutNames(revisions, problem.revisions, { revises: problem.revisions });
  if (problem instanceof DependencySelfLoopError)
    return withoutNames(revisions, problem.revisions, { dependsOn: "all" });
  if (problem instanceof CycleError || problem instanceof DependencyCycleError) {
    // One revision out of the circle opens it.
    const [first = ""] = problem.revisions;
    const dependsOn = problem instanceof CycleError ? [] : "all";
    return withoutNames(revisions, [first], { revises: problem.revisions, dependsOn });
  }
  return undefined;
}

function withoutRevision(revisions: readonly RevisionInput[], id: string): RevisionInput[] {
  const others = revisions.filter(({ revision }) => revision !== id);
  return withoutNames(others, "all", { revises: [id], dependsOn: [id] });
}

type Names = readonly string[] | "all";

interface NamesToDrop {
  readonly revises?: Names;
  readonly dependsOn?: Names;
  readonly labels?: Names;
}

/** The same, where these revisions no longer name these. */
function withoutNames(revisions: readonly RevisionInput[], of: Names, drop: NamesToDrop): RevisionInput[] {
  const rest = (names: readonly string[] = [], dropped: Names = []): readonly string[] =>
    names.filter((name) => dropped !== "all" && !dropped.includes(name));
  return revisions.map((each) =>
    of === "all" || of.includes(each.revision)
      ? {
          ...each,
          revises: rest(each.revises, drop.revises),
          dependsOn: rest(each.dependsOn, drop.dependsOn),
          labels: rest(each.labels, drop.labels),
        }
      : each,
  );
}
