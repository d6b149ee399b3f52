import {
  orderDifferenceText,
  type CommuteProof,
  type GroupProof,
  type OrderDifference,
  type OrderReport,
  type PairProof,
  type RevisionFailure,
  type SilentStatement,
  type UnprovedPair,
  type Verdict,
} from "../../prove/index.ts";
import type { Output } from "../output.ts";
import { plural } from "../words.ts";
import { groupRemedy, remedyFor } from "./remedy.ts";

/** How much of a statement is shown. */
const SHOWN = 120;

/** How many differences of a pair are shown. */
const MOST_DIFFERENCES = 12;

/** What is proved of heads, for people: what does not hold first said in a word, then with all that is known. */
export function commuteLines(
  { pairs, groups = [], unproved = [], unfilled }: CommuteProof,
  style: Output["style"],
): string[] {
  return [
    ...pairs.flatMap((pair) => pairLines(pair, style)),
    ...unproved.map((pair) => `${style("red", inBadge("not proved"))} ${unprovedText(pair)}`),
    ...groups.flatMap((group) => groupLines(group, style)),
    ...unfilled.map(
      ({ table, reason }) => `note: ${table} stayed empty (${reason}): nothing is proved of rows in it`,
    ),
  ];
}

/** What does not hold of heads, each in a sentence and its facts, without the way out. */
export function refusalLines({
  pairs,
  groups,
}: {
  readonly pairs: readonly PairProof[];
  readonly groups: readonly GroupProof[];
}): string[] {
  return [
    ...pairs.flatMap((pair) => [`${pair.heads.join(" and ")}: ${verdictText(pair)}`, ...pairFacts(pair)]),
    ...groups.flatMap((group) => [
      `${group.heads.join(", ")} together: ${verdictText(group)}`,
      ...groupFacts(group),
    ]),
  ];
}

/** Why nobody can tell of a pair. */
export function unprovedText({ heads, unseen }: UnprovedPair): string {
  return `${heads.join(" and ")}: it is not known what ${unseen.join(", ")} runs`;
}

/** The lines about one pair, with the way out. */
function pairLines(pair: PairProof, style: Output["style"]): string[] {
  const { verdict, heads, skipped } = pair;
  const remark = skipped === true ? ", which have nothing to do with each other" : "";
  return [
    `${badge(verdict, style)} ${heads.join(" and ")}${remark}${idsRemark(pair)}`,
    ...pairFacts(pair),
    ...(verdict === "commute" ? [] : [`  hint: ${remedyFor(pair)}`]),
  ];
}

function groupLines(group: GroupProof, style: Output["style"]): string[] {
  return [
    `${badge(group.verdict, style)} ${group.heads.join(", ")} together, in every order${idsRemark(group)}`,
    ...groupFacts(group),
    ...(group.verdict === "commute" ? [] : [`  hint: ${groupRemedy()}`]),
  ];
}

function verdictText(proof: PairProof | GroupProof): string {
  return `${proof.verdict}${idsRemark(proof)}`;
}

function idsRemark({ onlyIds }: PairProof | GroupProof): string {
  return onlyIds === true ? " (only ids differ)" : "";
}

function pairFacts({ verdict, orders, difference, silent = [], withoutRows = [] }: PairProof): string[] {
  return [
    ...(verdict === "conflict" ? orders.flatMap(orderLines) : []),
    ...differenceLines(orders, difference),
    ...silent.map(silentLine),
    ...(withoutRows.length > 0
      ? [`  note: judged without rows in ${withoutRows.join(", ")}, on which one of them fails alone`]
      : []),
  ];
}

function groupFacts({ verdict, orders = [], difference }: GroupProof): string[] {
  return [
    ...(verdict === "conflict" ? orders.flatMap(orderLines) : []),
    ...differenceLines(orders, difference),
  ];
}

/** The difference of two orders as lines: what each leaves, in the order of the orders. */
function differenceLines(
  [first, second]: readonly OrderReport[],
  difference: readonly OrderDifference[] = [],
): string[] {
  if (difference.length === 0 || first === undefined || second === undefined) return [];
  const left = difference.length - MOST_DIFFERENCES;
  return [
    `  ${first.order.join(", then ")} | ${second.order.join(", then ")} leave:`,
    ...difference.slice(0, MOST_DIFFERENCES).map((each) => `    ${orderDifferenceText(each)}`),
    ...(left > 0 ? [`    and ${plural(left, "difference")} more`] : []),
  ];
}

/** Whether an order works, and where it does not. */
function orderLines({ order, error }: OrderReport): string[] {
  const name = order.join(", then ");
  return error === undefined ? [`  ${name}: works`] : [`  ${name}: fails`, ...failureLines(error)];
}

function failureLines({ path, line, statement, code, message }: RevisionFailure): string[] {
  return [
    `    ${path}${line === undefined ? "" : `:${line}`}: ${message} (${code})`,
    ...(statement === undefined ? [] : [`      ${shortened(statement)}`]),
  ];
}

function silentLine({ path, line, statement, order }: SilentStatement): string {
  return `  note: ${path}:${line} does nothing in ${order.join(", then ")}: ${shortened(statement)}`;
}

function badge(verdict: Verdict, style: Output["style"]): string {
  return style(verdict === "commute" ? "green" : "red", inBadge(verdict));
}

/** As wide as the longest verdict. */
function inBadge(word: string): string {
  return word.padEnd("order-dependent".length);
}

function shortened(statement: string): string {
  const line = statement.trim().replaceAll(/\s+/gu, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
}
