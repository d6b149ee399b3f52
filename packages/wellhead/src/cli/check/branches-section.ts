import { headText, moveText, noOrderText } from "../branches/landing-text.ts";
import type { Landing } from "../branches/landing.ts";
import { plural } from "../words.ts";
import type { Migrations } from "../../migrate/index.ts";
import { WellheadError } from "../../wellhead-error.ts";
import type { UnitedBranches } from "../branches/unite-branches.ts";
import { findingOf, type CheckSection, type CheckSubject, type Finding, type Note } from "./check-section.ts";

/** The branches that `--git` names can be merged into the work tree, and in which order. */
export const branchesSection: CheckSection = {
  name: "branches",
  run: async (subject) => {
    const { united } = subject;
    if (united === undefined)
      return { kind: "skipped", reason: "no other branches are named: give --git REF" };
    const problems = united.problems.map((error) => findingOf(error));
    const { findings, notes, summary, patch } = await landingOf(subject);
    return {
      kind: "looked",
      findings: [...problems, ...findings],
      summary: `the work tree with ${branchesText(united)}${summary === "" ? "" : `; ${summary}`}`,
      ...(notes.length > 0 && { notes }),
      ...(patch !== undefined && { patch }),
    };
  },
};

/** Each branch with what it brings. */
export function branchesText({ branches, revisions }: UnitedBranches): string {
  return branches
    .map(({ ref }) => {
      const added = revisions.filter(({ refs }) => refs.includes(ref));
      return `${ref} (${added.length === 0 ? "nothing new" : plural(added.length, "revision")})`;
    })
    .join(", ");
}

interface LandingOutcome {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly summary: string;
  readonly patch?: string;
}

async function landingOf({ migrations, landing }: CheckSubject): Promise<LandingOutcome> {
  const nothing = { findings: [], notes: [], summary: "" };
  if (migrations === undefined) return nothing;
  try {
    return outcomeOf(await landing(), migrations);
  } catch (error) {
    if (!(error instanceof WellheadError)) throw error;
    return {
      ...nothing,
      notes: [{ message: `whether they can land together is not known: ${error.message}` }],
    };
  }
}

function outcomeOf(landing: Landing | undefined, { files }: Migrations): LandingOutcome {
  switch (landing?.kind) {
    case undefined:
      return { findings: [], notes: [], summary: "" };
    case "any":
      return { findings: [], notes: [], summary: "they can land in any order" };
    case "none":
      return {
        findings: [
          {
            code: "E_BRANCHES_CLASH",
            message: `An order for the branches: ${noOrderText(landing)}.`,
            hint: "one of them has to change its statements; `wellhead prove --git` says which",
          },
        ],
        notes: [],
        summary: "not together",
      };
    case "order":
      return {
        findings: landing.moves.map((move) => {
          const path = files.get(move.revision)?.path;
          return {
            code: "E_BRANCHES_CLASH",
            message: `${headText({ head: move.revision, ref: move.ref })} has to land after ${move.to.join(", ")}.`,
            hint: `${moveText(move)}; \`--patch\` prints the patch`,
            ...(path !== undefined && { path }),
          };
        }),
        notes: [],
        summary: `in this order: ${landing.order.map(headText).join(", ")}`,
        patch: landing.patch,
      };
  }
}
