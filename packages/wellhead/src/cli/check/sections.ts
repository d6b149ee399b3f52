import type { CheckSection } from "./check-section.ts";
import { editedSection } from "./edited-section.ts";
import { graphSection } from "./graph-section.ts";

/** All that `check` looks at, in its order. */
export const sections: readonly CheckSection[] = [graphSection, editedSection];
