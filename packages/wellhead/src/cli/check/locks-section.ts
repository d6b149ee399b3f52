import { strongLocks, type StrongLock } from "../../prove/index.ts";
import { lockModeWords, type LockMode } from "../../revisions/index.ts";
import type { CheckSection, CheckSubject, Finding, Note, SectionOutcome } from "./check-section.ts";

/** What is pending takes no lock that is stronger than `--max-lock` on what is there already. */
export const locksSection: CheckSection = {
  name: "locks",
  failed: "the revisions cannot be run",
  run: async (subject) => {
    const { maxLock, migrations } = subject;
    if (migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    if (maxLock === undefined) return { kind: "skipped", reason: "no limit: give --max-lock" };
    return await look(subject, maxLock);
  },
};

async function look(subject: CheckSubject, max: LockMode): Promise<SectionOutcome> {
  const rehearsal = await subject.rehearsal();
  if (rehearsal === undefined) return { kind: "looked", findings: [], summary: "nothing is pending" };
  const strong = strongLocks(rehearsal, { max, runsAtOnce: rehearsal.runsAtOnce });
  const refused = strong.filter(({ allowedBecause }) => allowedBecause === undefined);
  const allowed = strong.filter(({ allowedBecause }) => allowedBecause !== undefined);
  return {
    kind: "looked",
    findings: refused.map((each) => finding(each, max)),
    notes: allowed.map((each): Note => ({
      ...placeOf(each),
      message: `${messageOf(each)}. Allowed: ${each.allowedBecause}`,
    })),
    summary: `nothing stronger than ${lockModeWords(max)}${allowed.length > 0 ? `, save ${allowed.length} allowed` : ""}`,
  };
}

function finding(strong: StrongLock, max: LockMode): Finding {
  const { lock, advice } = strong;
  const allow = `or say why it may: \`allow: ${lockModeWords(lock.mode)} on ${lock.relation}, because …\` in the head`;
  return {
    code: "E_LOCK_TOO_STRONG",
    message: `${messageOf(strong)}; at most ${lockModeWords(max)} is wished for.`,
    hint: advice === undefined ? allow.replace(/^or /u, "") : `${advice}; ${allow}`,
    ...placeOf(strong),
  };
}

function messageOf({ revision, lock }: StrongLock): string {
  const blocks = lock.blocks.length === 0 ? "" : `, which blocks ${lock.blocks.join(" and ")}`;
  return `${revision} takes ${lockModeWords(lock.mode)} on ${lock.relation}${blocks}`;
}

function placeOf({ path, line }: StrongLock): Pick<Note, "path" | "line"> {
  return { path, ...(line !== undefined && { line }) };
}
