import fc from "fast-check";
import { RevisionGraph, WellheadError, type RevisionInput, type Step } from "wellhead/graph";
import { describe, expect, test } from "vitest";

import { arbitraryGraph, arbitraryTarget } from "./arbitrary-graph.ts";
import { ancestorsOf } from "./reference-order.ts";

const runs = { numRuns: 500 };

describe("upgrading", () => {
  test("runs every revision after those it revises and depends on", () => {
    fc.assert(
      fc.property(arbitraryGraph(), arbitraryState(), (revisions, pick) => {
        const graph = RevisionGraph.of(revisions);
        const from = stateOf(graph, pick);
        const done = appliedAt(revisions, from);
        for (const { revision } of graph.planUpgrade({ from, to: "heads" })) {
          expect(done).not.toContain(revision);
          for (const needed of needsOf(revisions).get(revision)!) expect(done).toContain(needed);
          done.add(revision);
        }
        expect(done.size).toBe(graph.size);
      }),
      runs,
    );
  });

  test("leaves after each step a row for what nothing applied builds on", () => {
    fc.assert(
      fc.property(arbitraryGraph(), arbitraryState(), (revisions, pick) => {
        const graph = RevisionGraph.of(revisions);
        const from = stateOf(graph, pick);
        const done = appliedAt(revisions, from);
        for (const { revision, versionsAfter } of graph.planUpgrade({ from, to: "heads" })) {
          done.add(revision);
          const built = new Set([...done].flatMap((id) => needsOf(revisions).get(id)!));
          expect(versionsAfter).toEqual([...done].filter((id) => !built.has(id)).toSorted());
        }
      }),
      runs,
    );
  });

  test("has nothing to do the second time", () => {
    fc.assert(
      fc.property(arbitraryGraph(), arbitraryState(), (revisions, pick) => {
        const graph = RevisionGraph.of(revisions);
        const from = stateOf(graph, pick);
        const reached = graph.planUpgrade({ from, to: "heads" }).at(-1)?.versionsAfter ?? from;
        expect(graph.planUpgrade({ from: reached, to: "heads" })).toEqual([]);
        expect(reached).toEqual(graph.heads({ resolveDependencies: true }).toSorted());
      }),
      runs,
    );
  });
});

describe("downgrading", () => {
  test("to base takes down everything that was applied, newest first", () => {
    fc.assert(
      fc.property(arbitraryGraph(), arbitraryState(), (revisions, pick) => {
        const graph = RevisionGraph.of(revisions);
        const from = stateOf(graph, pick);
        const left = appliedAt(revisions, from);
        const steps = graph.planDowngrade({ from, to: "base" });
        for (const { revision, versionsAfter } of steps) {
          expect(left.delete(revision)).toBe(true);
          expect(appliedAt(revisions, versionsAfter)).toEqual(left);
        }
        expect(lastOf(steps, from)).toEqual([]);
      }),
      runs,
    );
  });

  test("gives back the row that an upgrade started from", () => {
    fc.assert(
      fc.property(arbitraryGraph(), fc.nat(), (revisions, place) => {
        const start = revisions[place % revisions.length]?.revision;
        fc.pre(start !== undefined);
        const graph = RevisionGraph.of(revisions);
        const up = graph.planUpgrade({ from: [start], to: "heads" });
        // What does not descend from the start stays when it is taken down to.
        fc.pre(up.every(({ revision }) => ancestorsOf(revision, needsOf(revisions)).has(start)));
        fc.pre(up.every(({ revision }) => onlyAbove(graph, revision, start)));
        const down = graph.planDowngrade({ from: lastOf(up, [start]), to: start });
        expect(lastOf(down, lastOf(up, [start]))).toEqual([start]);
      }),
      runs,
    );
  });
});

describe("stamping", () => {
  test("sets the rows that upgrading sets", () => {
    fc.assert(
      fc.property(arbitraryGraph(), fc.nat(), (revisions, place) => {
        const target = revisions[place % revisions.length]?.revision ?? "heads";
        const graph = RevisionGraph.of(revisions);
        const stamped = graph.planStamp({ from: [], to: [target] }).at(-1)?.versionsAfter ?? [];
        expect(stamped).toEqual(lastOf(graph.planUpgrade({ from: [], to: target }), []));
      }),
      runs,
    );
  });

  test("and then upgrading runs what upgrading all the way would have run besides", () => {
    fc.assert(
      fc.property(arbitraryGraph(), fc.nat(), (revisions, place) => {
        const target = revisions[place % revisions.length]?.revision ?? "heads";
        const graph = RevisionGraph.of(revisions);
        const stamped = graph.planStamp({ from: [], to: [target] }).at(-1)?.versionsAfter ?? [];
        const first = graph.planUpgrade({ from: [], to: target });
        const then = graph.planUpgrade({ from: stamped, to: "heads" });
        expect(then).toEqual(graph.planUpgrade({ from: lastOf(first, []), to: "heads" }));
        expect([...first, ...then].map(({ revision }) => revision).toSorted()).toEqual(
          revisions.map(({ revision }) => revision).toSorted(),
        );
      }),
      runs,
    );
  });

  test("never leaves a revision beside its own ancestor", () => {
    fc.assert(
      fc.property(
        arbitraryGraph(),
        arbitraryState(),
        fc.array(arbitraryTarget(), { minLength: 1, maxLength: 3 }),
        (revisions, pick, to) => {
          const graph = RevisionGraph.of(revisions);
          const from = stateOf(graph, pick);
          const steps = attempt(() => graph.planStamp({ from, to }));
          const rows = steps?.at(-1)?.versionsAfter ?? from;
          expect(attempt(() => graph.planUpgrade({ from: rows, to: "heads" }))).toBeDefined();
        },
      ),
      runs,
    );
  });
});

describe("merging", () => {
  test("all heads leaves one", () => {
    fc.assert(
      fc.property(arbitraryGraph(), (revisions) => {
        const graph = RevisionGraph.of(revisions);
        const merged = RevisionGraph.of([...revisions, { revision: "merge", ...graph.merge(graph.heads()) }]);
        expect(merged.heads()).toEqual(["merge"]);
        expect(merged.get("merge").isMergePoint).toBe(graph.heads().length > 1);
      }),
      runs,
    );
  });
});

describe("any target", () => {
  test("resolves, or is refused with an error that has a code", () => {
    fc.assert(
      fc.property(
        arbitraryGraph(),
        arbitraryState(),
        arbitraryTarget(),
        arbitraryTarget(),
        (revisions, pick, target, other) => {
          const graph = RevisionGraph.of(revisions);
          const from = stateOf(graph, pick);
          attempt(() => graph.resolve(target, { versions: from }));
          attempt(() => graph.get(target));
          attempt(() => graph.planUpgrade({ from, to: target }));
          attempt(() => graph.planDowngrade({ from, to: target }));
          attempt(() => graph.planStamp({ from, to: [target, other] }));
          attempt(() => graph.history({ range: `${target}:${other}`, versions: from }));
          attempt(() => graph.create({ head: target, dependsOn: other }));
          attempt(() => graph.merge([target, other]));
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe("the load order", () => {
  test("changes the order of a plan, never what is in it", () => {
    fc.assert(
      fc.property(arbitraryGraph(), (revisions) => {
        const plan = (inputs: readonly RevisionInput[]): string[] =>
          RevisionGraph.of(inputs)
            .planUpgrade({ from: [], to: "heads" })
            .map(({ revision }) => revision)
            .toSorted();
        expect(plan(revisions)).toEqual(plan(revisions.toReversed()));
      }),
      runs,
    );
  });
});

/** Which revisions to upgrade to, to come to some state. */
function arbitraryState(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(), { maxLength: 3 });
}

/** The rows of a database where these revisions, one after the other, were upgraded to. */
function stateOf(graph: RevisionGraph, pick: readonly number[]): readonly string[] {
  const ids = graph.revisions().map(({ revision }) => revision);
  if (ids.length === 0) return [];
  return pick.reduce<readonly string[]>(
    (rows, place) => lastOf(graph.planUpgrade({ from: rows, to: ids[place % ids.length]! }), rows),
    [],
  );
}

function lastOf(steps: readonly Step[], before: readonly string[]): readonly string[] {
  return steps.at(-1)?.versionsAfter ?? before;
}

/** For each revision those that it revises or depends on. */
function needsOf(revisions: readonly RevisionInput[]): Map<string, string[]> {
  const owner = new Map(
    revisions.flatMap(({ revision, labels = [] }) => labels.map((label) => [label, revision])),
  );
  return new Map(
    revisions.map(({ revision, revises = [], dependsOn = [] }) => [
      revision,
      [...revises, ...dependsOn.map((name) => owner.get(name) ?? name)],
    ]),
  );
}

function appliedAt(revisions: readonly RevisionInput[], rows: readonly string[]): Set<string> {
  const needs = needsOf(revisions);
  return new Set(rows.flatMap((row) => [...ancestorsOf(row, needs)]));
}

/** Whether a downgrade to `start` takes a revision down: it descends by `revises` from what revises the start, or needs that. */
function onlyAbove(graph: RevisionGraph, revision: string, start: string): boolean {
  const taken = new Set<string>(graph.get(start).next);
  for (const each of taken) for (const child of graph.get(each).allNext) taken.add(child);
  return taken.has(revision);
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof WellheadError) return undefined;
    throw error;
  }
}
