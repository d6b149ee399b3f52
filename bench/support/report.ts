import type { CrowdResult } from "./crowd.ts";
import type { InstalledPeer } from "./install-peer.ts";
import { markdownTable, times, whole } from "./markdown-table.ts";
import type { Cost } from "./run-process.ts";
import type { Speed, SpeedResult } from "./speed.ts";
import { medianOf } from "./statistics.ts";

/** What many processes of one tool did. */
export interface CrowdRow {
  readonly name: string;
  readonly onEmpty: CrowdResult;
  readonly inUse: CrowdResult;
}

const SPEED_HEAD = [
  "tool",
  "empty database, ms (min)",
  "/ psql",
  "peak MB",
  "nothing to do, ms (min)",
  "/ node",
  "CPU ms",
  "peak MB",
  "packages",
  "MB of packages",
];

/** Medians, the best round in brackets, and ratios to the floors. */
export function speedTable({ tools, nodeFloor, psqlFloor }: SpeedResult): string {
  const node = wall(nodeFloor);
  const psql = wall(psqlFloor);
  return markdownTable(SPEED_HEAD, [
    ["floor: psql -1 -f of the same statements", ...coldCells(psqlFloor, psql), ...none(6)],
    ["floor: bare Node, pg, one SELECT", ...none(3), ...idleCells(nodeFloor, node), ...none(2)],
    ...[...tools].map(([installed, speed]) => toolRow(installed, speed, node, psql)),
  ]);
}

function toolRow(
  { peer, packages, megabytes }: InstalledPeer,
  { cold, idle }: Speed,
  node: number | undefined,
  psql: number | undefined,
): readonly string[] {
  const version = peer.packages[peer.name];
  const weight = packages === 0 ? none(2) : [String(packages), whole(megabytes)];
  const name = version === undefined ? peer.name : `${peer.name} ${version}`;
  return [name, ...coldCells(cold, psql), ...idleCells(idle, node), ...weight];
}

function coldCells(costs: readonly Cost[], psql: number | undefined): readonly string[] {
  return [withBest(costs), times(wall(costs), psql), whole(medianOf(costs.map(({ peakMb }) => peakMb)))];
}

function idleCells(costs: readonly Cost[], node: number | undefined): readonly string[] {
  return [
    withBest(costs),
    times(wall(costs), node),
    whole(medianOf(costs.map(({ cpuMs }) => cpuMs))),
    whole(medianOf(costs.map(({ peakMb }) => peakMb))),
  ];
}

function wall(costs: readonly Cost[]): number | undefined {
  return medianOf(costs.map(({ wallMs }) => wallMs));
}

function withBest(costs: readonly Cost[]): string {
  return costs.length === 0
    ? "–"
    : `${whole(wall(costs))} (${whole(Math.min(...costs.map(({ wallMs }) => wallMs)))})`;
}

function none(count: number): readonly string[] {
  return Array.from({ length: count }, () => "–");
}

/** What the crowds left behind: all 40 tables, and a stock of 5, each change having run once. */
export function crowdTable(rows: readonly CrowdRow[], size: number): string {
  return markdownTable(
    [
      "tool",
      "empty database: ended with 0",
      "tables (40)",
      "five pending `SET qty = qty + 1`: ended with 0",
      "qty (5)",
      "the others say",
    ],
    rows.map(({ name, onEmpty, inUse }) => [
      name,
      `${onEmpty.succeeded} of ${size}`,
      String(onEmpty.found),
      `${inUse.succeeded} of ${size}`,
      inUse.found === 5 ? "5" : `**${String(inUse.found)}**`,
      onEmpty.complaint || inUse.complaint || "–",
    ]),
  );
}
