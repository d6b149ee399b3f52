import type { CommuteProof, GroupProof, PairProof } from "../../prove/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import { refusalLines, unprovedText } from "../prove/proof-text.ts";
import { groupRemedy, remedyFor } from "../prove/remedy.ts";
import { plural } from "../words.ts";
import {
  findingOf,
  type CheckSection,
  type CheckSubject,
  type Finding,
  type Note,
  type SectionOutcome,
} from "./check-section.ts";

/** It does not matter in which order the heads run. */
export const commuteSection: CheckSection = {
  name: "commute",
  run: async (subject) => {
    try {
      return await look(subject);
    } catch (error) {
      if (!(error instanceof WellheadError)) throw error;
      if (isUnseen(error)) return { kind: "skipped", reason: unseenReason(error) };
      return { kind: "looked", findings: [findingOf(error)], summary: "it cannot be proved" };
    }
  },
};

async function look({ migrations, commute }: CheckSubject): Promise<SectionOutcome> {
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
}

/** A Python project is not held to what can only be seen where its Alembic is. */
function isUnseen({ code }: WellheadError): boolean {
  return code === "E_ALEMBIC_MISSING" || code === "E_ALEMBIC_SQL";
}

function unseenReason({ message, hint }: WellheadError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

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
