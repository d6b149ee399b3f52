import { rowsProofs, type RowsProof } from "../../prove/index.ts";
import { plural } from "../words.ts";
import type { CheckSection, CheckSubject, Finding, Note, SectionOutcome } from "./check-section.ts";

/** What is pending also runs where the tables hold rows. */
export const rowsSection: CheckSection = {
  name: "rows",
  failed: "the revisions cannot be run",
  run: async (subject) => {
    if (subject.migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    return await look(subject, subject.migrations);
  },
};

async function look(
  subject: CheckSubject,
  { graph }: NonNullable<CheckSubject["migrations"]>,
): Promise<SectionOutcome> {
  const rehearsal = await subject.rehearsal();
  if (rehearsal === undefined) return { kind: "looked", findings: [], summary: "nothing is pending" };
  const proofs = await rowsProofs(rehearsal, graph);
  const failed = proofs.filter(({ ok }) => !ok);
  const notes: Note[] = failed.flatMap((proof) =>
    proof.allowed === undefined
      ? []
      : [{ ...placeOf(proof), message: `${messageOf(proof)} Allowed: ${proof.allowed}` }],
  );
  for (const { step, outcome } of rehearsal.revisions) {
    if (outcome.kind === "unseen") notes.push({ path: step.info.path, message: outcome.reason.message });
  }
  for (const { table, reason } of rehearsal.unfilled) {
    notes.push({ message: `${table} could not be filled, so nothing is proved of it: ${reason}` });
  }
  return {
    kind: "looked",
    findings: failed.filter(({ allowed }) => allowed === undefined).map(finding),
    notes,
    summary: `${plural(proofs.length, "revision")} on tables with rows`,
  };
}

function finding(proof: RowsProof): Finding {
  const allow = "where such rows cannot be, say so in the head: `allow: failing on rows, because …`";
  const hints = [proof.remedy, ...(proof.onRowsOnly === true ? [allow] : [])];
  return {
    code: proof.onRowsOnly === true ? "E_FAILS_ON_ROWS" : "E_REVISION_FAILS",
    message: messageOf(proof),
    hint: hints.filter((hint) => hint !== undefined).join("; ") || "correct the revision",
    ...placeOf(proof),
  };
}

function messageOf({ revision, error, onRowsOnly }: RowsProof): string {
  const how = onRowsOnly === true ? "fails on tables with rows, and on those only" : "does not run";
  return `${revision} ${how}: ${error?.message} (${error?.code}).`;
}

function placeOf({ error }: RowsProof): Pick<Note, "path" | "line"> {
  return {
    ...(error?.path !== undefined && { path: error.path }),
    ...(error?.line !== undefined && { line: error.line }),
  };
}
