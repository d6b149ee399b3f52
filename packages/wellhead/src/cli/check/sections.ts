import { UsageError } from "../errors.ts";
import { branchesSection } from "./branches-section.ts";
import type { CheckSection } from "./check-section.ts";
import { commuteSection } from "./commute-section.ts";
import { driftSection } from "./drift-section.ts";
import { editedSection } from "./edited-section.ts";
import { graphSection } from "./graph-section.ts";
import { locksSection } from "./locks-section.ts";
import { modelsSection } from "./models-section.ts";
import { roundTripSection } from "./round-trip-section.ts";
import { rowsSection } from "./rows-section.ts";

/** All that `check` looks at, in its order. */
const sections: readonly CheckSection[] = [
  graphSection,
  editedSection,
  commuteSection,
  modelsSection,
  driftSection,
  rowsSection,
  locksSection,
  roundTripSection,
];

/** Which sections are asked for. */
export interface SectionChoice {
  /** These; all where there are none. */
  readonly only: readonly string[];
  /** Not these. */
  readonly skip: readonly string[];
  /** Other branches are looked at too. */
  readonly hasBranches: boolean;
}

/**
 * The sections that are asked for, in their order.
 *
 * @throws UsageError for a name that no section has, and when nothing is left
 */
export function chosenSections({ only, skip, hasBranches }: SectionChoice): readonly CheckSection[] {
  const all = hasBranches ? [branchesSection, ...sections] : sections;
  const names = all.map(({ name }) => name);
  const unknown = [...only, ...skip].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`"${unknown}" is no section of check.`, `the sections are ${names.join(", ")}`);
  const chosen = all.filter(({ name }) => (only.length === 0 || only.includes(name)) && !skip.includes(name));
  if (chosen.length === 0) throw new UsageError("No section is left to check.", "leave --skip or --only out");
  return chosen;
}
