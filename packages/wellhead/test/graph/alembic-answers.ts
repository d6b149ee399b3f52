import {
  RevisionGraph,
  type NewRevision,
  type RevisionInput,
  type StampStep,
  type Step,
} from "wellhead/graph";

import type { Query } from "./alembic-fixtures.ts";

/** The kinds that the graph answers by itself; the others are about text and files. */
export const graphKinds: readonly string[] = [
  "heads",
  "bases",
  "branches",
  "history",
  "labels",
  "structure",
  "current",
  "resolve",
  "resolve_one",
  "upgrade",
  "downgrade",
  "upgrade_plan",
  "downgrade_plan",
  "stamp",
  "merge",
  "revision_create",
];

/** What the graph answers to a query, in the shape of the fixture's `result`. */
export function answer(graph: RevisionGraph, inputs: readonly RevisionInput[], query: Query): unknown {
  const { from = [], rows = [], target = "", to = "" } = query;
  const single = typeof to === "string" ? to : "";
  switch (query.kind) {
    case "heads":
      return graph.heads({ resolveDependencies: query.resolveDependencies });
    case "bases":
      return graph.bases();
    case "branches":
      return graph.branchPoints();
    case "history":
      return graph.history({ range: query.range });
    case "labels":
      return graph.labels();
    case "structure":
      return structure(graph);
    case "current":
      return graph.current(rows);
    case "resolve":
      return graph.resolve(target);
    case "resolve_one":
      return one(graph.resolve(target));
    case "upgrade":
      return moved(graph.planUpgrade({ from, to }), from);
    case "downgrade":
      return moved(graph.planDowngrade({ from, to: single }), from);
    case "upgrade_plan":
      return graph.planUpgrade({ from, to }).map((step) => step.revision);
    case "downgrade_plan":
      return graph.planDowngrade({ from, to: single }).map((step) => step.revision);
    case "stamp":
      return stamped(graph.planStamp({ from, to, purge: query.purge }), query);
    case "merge":
      return created(inputs, graph.merge(query.revs ?? [], query), "merged000001");
    case "revision_create":
      return created(
        inputs,
        graph.create({ ...query, revision: query.revId }),
        query.revId ?? "created00001",
      );
    default:
      throw new Error(`no answer for ${query.kind}`);
  }
}

function one(found: readonly unknown[]): unknown {
  return found.length > 1 ? found : (found[0] ?? null);
}

function structure(graph: RevisionGraph): unknown {
  const entries = graph.revisions().map((revision) => [
    revision.revision,
    {
      head: revision.isHead,
      realHead: revision.isRealHead,
      base: revision.isBase,
      branchPoint: revision.isBranchPoint,
      mergePoint: revision.isMergePoint,
      next: revision.next.toSorted(),
      allNext: revision.allNext.toSorted(),
      resolvedDependsOn: revision.resolvedDependsOn.toSorted(),
      normalizedDown: revision.normalizedDown.toSorted(),
    },
  ]);
  return Object.fromEntries(entries);
}

function moved(steps: readonly Step[], from: readonly string[]): unknown {
  return {
    steps: steps.map(({ direction, revision, versionsAfter }) => ({
      op: direction,
      revision,
      rowsAfter: versionsAfter,
    })),
    finalRows: steps.at(-1)?.versionsAfter ?? from.toSorted(),
  };
}

function stamped(steps: readonly StampStep[], { from = [], purge = false }: Query): unknown {
  const before = purge ? [] : from.toSorted();
  return {
    steps: steps.map(({ versionsAfter, ...step }) => ({ op: "stamp", ...step, rowsAfter: versionsAfter })),
    rowsAfter: steps.at(-1)?.versionsAfter ?? before,
  };
}

function created(inputs: readonly RevisionInput[], made: NewRevision, id: string): unknown {
  const after = RevisionGraph.of([
    ...inputs,
    { revision: id, revises: made.revises, dependsOn: made.dependsOn, labels: made.labels },
  ]);
  return {
    id,
    down: made.revises,
    dependsOn: made.dependsOn,
    labels: made.labels,
    headsAfter: after.heads(),
  };
}
