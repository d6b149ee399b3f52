import { plural } from "../words.ts";
import { findingOf, type CheckSection } from "./check-section.ts";

/** The branches that `--git` names can be merged into the work tree, as far as the files of revisions go. */
export const branchesSection: CheckSection = {
  name: "branches",
  run: async ({ united }) => {
    if (united === undefined)
      return { kind: "skipped", reason: "no other branches are named: give --git REF" };
    const counts = united.branches.map(({ ref }) => {
      const added = united.revisions.filter(({ refs }) => refs.includes(ref));
      return `${ref} (${added.length === 0 ? "nothing new" : plural(added.length, "revision")})`;
    });
    return {
      kind: "looked",
      findings: united.problems.map((error) => findingOf(error)),
      summary: `the work tree with ${counts.join(", ")}`,
    };
  },
};
