/**
 * How long the graph takes for its answers, how that grows, and how it compares with Alembic:
 *
 *   node --conditions=wellhead-source bench/graph.ts
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { gunzipSync } from "node:zlib";

import { RevisionGraph, type RevisionInput } from "wellhead/graph";

import { randomHistory } from "./random-history.ts";

const sizes = [1_000, 10_000, 100_000];
const limitMs = 100;

/** A graph, and what the questions about it start from. */
interface Subject {
  readonly revisions: readonly RevisionInput[];
  readonly graph: RevisionGraph;
  readonly heads: readonly string[];
  /** The revision in the middle of the history. */
  readonly middle: string;
}

interface Question {
  readonly name: string;
  /** The name of Alembic's own measurement, where it has one. */
  readonly alembic?: string;
  readonly ask: (subject: Subject) => unknown;
}

const questions: readonly Question[] = [
  { name: "build the graph", alembic: "loadMapSeconds", ask: ({ revisions }) => RevisionGraph.of(revisions) },
  { name: "heads", ask: ({ graph }) => graph.heads({ resolveDependencies: true }) },
  { name: "build the graph, labels", ask: ({ revisions }) => RevisionGraph.of(revisions).labels() },
  { name: "branch points", alembic: "branchesSeconds", ask: ({ graph }) => graph.branchPoints() },
  { name: "history", alembic: "historySeconds", ask: ({ graph }) => graph.history() },
  {
    name: "upgrade plan, base to heads",
    alembic: "upgradePlanFromBaseSeconds",
    ask: ({ graph }) => graph.planUpgrade({ from: [], to: "heads" }),
  },
  {
    name: "upgrade plan, middle to heads",
    alembic: "upgradePlanMiddleToHeadsSeconds",
    ask: ({ graph, middle }) => graph.planUpgrade({ from: [middle], to: "heads" }),
  },
  {
    name: "upgrade plan with all versions read",
    ask: ({ graph }) => graph.planUpgrade({ from: [], to: "heads" }).map((step) => step.versionsAfter),
  },
  {
    name: "downgrade plan, heads to base",
    alembic: "downgradePlanToBaseSeconds",
    ask: ({ graph, heads }) => graph.planDowngrade({ from: heads, to: "base" }),
  },
  {
    name: "downgrade plan, heads to middle",
    alembic: "downgradePlanToMiddleSeconds",
    ask: ({ graph, heads, middle }) => graph.planDowngrade({ from: heads, to: middle }),
  },
  { name: "current", alembic: "currentSeconds", ask: ({ graph, heads }) => graph.current(heads) },
  { name: "partial id", ask: ({ graph, middle }) => graph.resolve(middle.slice(0, 10)) },
];

compareWithAlembic();
measureGrowth();

function compareWithAlembic(): void {
  const { revisions, timings } = readFixture();
  console.log(`Alembic's own graph of ${revisions.length} revisions: ours, Alembic's time, ratio`);
  const subject = subjectOf(revisions);
  for (const { name, alembic, ask } of questions) {
    if (alembic === undefined) continue;
    const ours = timeOf(() => ask(subject));
    const theirs = Number(timings[alembic]) * 1000;
    console.log(
      `  ${name.padEnd(44)}${milliseconds(ours)}${milliseconds(theirs)}${`1:${Math.round(theirs / ours)}`.padStart(9)}`,
    );
  }
}

function measureGrowth(): void {
  console.log(`\nRandom histories of ${sizes.join(", ")} revisions: times, and x where time grows as size^x`);
  const subjects = sizes.map((size) => subjectOf(randomHistory(size)));
  for (const { name, ask } of questions) {
    const times = subjects.map((subject) => timeOf(() => ask(subject)));
    const slow = (times[1] ?? 0) > limitMs ? `  more than ${limitMs} ms` : "";
    console.log(
      `  ${name.padEnd(44)}${times.map(milliseconds).join("")}${exponentOf(times).toFixed(2).padStart(9)}${slow}`,
    );
  }
}

function subjectOf(revisions: readonly RevisionInput[]): Subject {
  const graph = RevisionGraph.of(revisions);
  const history = graph.history();
  return {
    revisions,
    graph,
    heads: graph.heads({ resolveDependencies: true }),
    middle: history[history.length >> 1] ?? "base",
  };
}

/** The best of a few runs, in milliseconds: the others had something else in their way. */
function timeOf(run: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

function milliseconds(time: number): string {
  return `${time < 10 ? time.toFixed(2) : Math.round(time)} ms`.padStart(12);
}

/** The slope of the straight line through the logarithms, by least squares. */
function exponentOf(times: readonly number[]): number {
  const points = times.map(
    (time, place) => [Math.log(sizes[place] ?? 1), Math.log(Math.max(time, 0.001))] as const,
  );
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

function readFixture(): { revisions: RevisionInput[]; timings: Readonly<Record<string, number | string>> } {
  const file = new URL("../packages/wellhead/test/fixtures/alembic/big_10000.json.gz", import.meta.url);
  const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
    cases: [
      {
        revisions: { id: string; down: string[]; dependsOn: string[]; labels: string[] }[];
        timings: Record<string, number>;
      },
    ];
  };
  const [{ revisions, timings }] = cases;
  return {
    revisions: revisions.map(({ id, down, ...rest }) => ({ revision: id, revises: down, ...rest })),
    timings,
  };
}
