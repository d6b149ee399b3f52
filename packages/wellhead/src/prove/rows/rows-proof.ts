import type { RevisionGraph } from "../../graph/index.ts";
import { statementsOf } from "../../revisions/index.ts";
import { remedyFor } from "../explain/advice.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";
import type { RevisionFailure } from "../run-revision.ts";

/** Whether a revision runs on tables with rows. */
export interface RowsProof {
  readonly revision: string;
  readonly ok: boolean;
  readonly error?: RevisionFailure;
  /** Where it fails: it works on empty tables. */
  readonly onRowsOnly?: boolean;
  /** What helps. */
  readonly remedy?: string;
  /** Why the head of the revision allows it to fail. */
  readonly allowed?: string;
}

/**
 * The revisions of a rehearsal that were tried. One that fails whether there are rows or not counts only where it lies
 * below all heads: beside another head it may be the other one's doing, which is what the proof of the heads tells.
 */
export async function rowsProofs(
  { revisions }: Rehearsal,
  graph: RevisionGraph,
): Promise<readonly RowsProof[]> {
  const isCommon = commonToHeads(graph);
  const proofs: RowsProof[] = [];
  for (const { step, outcome } of revisions) {
    const { revision } = step.info;
    if (outcome.kind === "done") proofs.push({ revision, ok: true });
    if (outcome.kind !== "failed" || !(outcome.onRowsOnly || isCommon(revision))) continue;
    const { failure, onRowsOnly } = outcome;
    const remedy = await remedyOf(failure, onRowsOnly);
    const allowed = step.file.allows.find(({ kind }) => kind === "failing-on-rows")?.reason;
    proofs.push({
      revision,
      ok: false,
      error: failure,
      onRowsOnly,
      ...(remedy !== undefined && { remedy }),
      ...(onRowsOnly && allowed !== undefined && { allowed }),
    });
  }
  return proofs;
}

function commonToHeads(graph: RevisionGraph): (revision: string) => boolean {
  const below = graph
    .heads()
    .map(
      (head) => new Set<string>(graph.planUpgrade({ from: [], to: head }).map(({ revision }) => revision)),
    );
  return (revision) => below.every((each) => each.has(revision));
}

async function remedyOf(
  { statement, code }: RevisionFailure,
  onRowsOnly: boolean,
): Promise<string | undefined> {
  try {
    const [parsed] = await statementsOf({ text: statement ?? "", line: 1 });
    return remedyFor({ code, onRowsOnly }, parsed?.tree);
  } catch {
    // It does not parse, and Postgres has said so.
    return undefined;
  }
}
