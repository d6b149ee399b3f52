import type { CommuteProof, GroupProof, PairProof } from "../../prove/index.ts";
import { refusalLines, unprovedText } from "../prove/proof-text.ts";
import { groupRemedy, remedyFor } from "../prove/remedy.ts";
import { plural } from "../words.ts";
import type { CheckSection, Finding, Note } from "./check-section.ts";

/** It does not matter in which order the heads run. */
export const commuteSection: CheckSection = {
  name: "commute",
  failed: "it cannot be proved",
  run: async ({ migrations, commute }) => {
    if (migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    const heads = migrations.graph.heads({ resolveDependencies: true });
    if (heads.length < 2) return { kind: "looked", findings: [], summary: plural(heads.length, "head") };
    const proof = await commute();
    const { pairs, groups = [] } = proof;
    return {
      kind: "looked",
      findings: [...pairs.flatMap(pairFinding), ...groups.flatMap(groupFinding)],
      summary: `${plural(pairs.length, "pair")} of ${plural(heads.length, "head")}`,
      notes: notesOf(proof),
    };
  },
};

function pairFinding(pair: PairProof): Finding[] {
  if (pair.verdict === "commute") return [];
  const error = pair.orders.find((order) => order.error !== undefined)?.error;
  return [
    {
      code: pair.verdict === "conflict" ? "E_HEADS_CONFLICT" : "E_HEADS_ORDER_DEPENDENT",
      message: refusalLines({ pairs: [pair], groups: [] }).join("\n"),
      hint: remedyFor(pair),
      ...(error !== undefined && { path: error.path }),
      ...(error?.line !== undefined && { line: error.line }),
    },
  ];
}

function groupFinding(group: GroupProof): Finding[] {
  if (group.verdict === "commute") return [];
  return [
    {
      code: group.verdict === "conflict" ? "E_HEADS_CONFLICT" : "E_HEADS_ORDER_DEPENDENT",
      message: refusalLines({ pairs: [], groups: [group] }).join("\n"),
      hint: groupRemedy(),
    },
  ];
}

function notesOf({ pairs, unproved = [], unfilled }: CommuteProof): Note[] {
  return [
    ...unproved.map((pair) => ({ message: `not proved: ${unprovedText(pair)}` })),
    ...pairs.flatMap(({ silent = [] }) =>
      silent.map(({ path, line, order }) => ({
        message: `${path}:${line}: it does nothing in ${order.join(", then ")}`,
        path,
        line,
      })),
    ),
    ...pairs.flatMap(({ heads, withoutRows = [] }) =>
      withoutRows.length === 0
        ? []
        : [{ message: `${heads.join(" and ")}: judged without rows in ${withoutRows.join(", ")}` }],
    ),
    ...unfilled.map(({ table, reason }) => ({ message: `${table} stayed empty: ${reason}` })),
  ];
}
