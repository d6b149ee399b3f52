import { UsageError } from "../errors.ts";
import type { CheckSection } from "./check-section.ts";
import { editedSection } from "./edited-section.ts";
import { graphSection } from "./graph-section.ts";

/** All that `check` looks at, in its order. */
const sections: readonly CheckSection[] = [graphSection, editedSection];

/**
 * The sections that are asked for, in their order: those named in `only`, or all; without those named in `skip`.
 *
 * @throws UsageError for a name that no section has, and when nothing is left
 */
export function chosenSections(only: readonly string[], skip: readonly string[]): readonly CheckSection[] {
  const names = sections.map(({ name }) => name);
  const unknown = [...only, ...skip].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`"${unknown}" is no section of check.`, `the sections are ${names.join(", ")}`);
  const chosen = sections.filter(
    ({ name }) => (only.length === 0 || only.includes(name)) && !skip.includes(name),
  );
  if (chosen.length === 0) throw new UsageError("No section is left to check.", "leave --skip or --only out");
  return chosen;
}
