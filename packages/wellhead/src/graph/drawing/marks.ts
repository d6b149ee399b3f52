import type { Revision } from "../revision.ts";

/** What a picture writes under a revision's id: its labels, and whether it is a head or current. */
export function marksOf(
  { revision, branchLabels, isRealHead, isHead }: Revision,
  current: readonly string[],
): string[] {
  return [
    ...(branchLabels.length > 0 ? [`(${branchLabels.join(", ")})`] : []),
    ...(isRealHead ? ["head"] : isHead ? ["effective head"] : []),
    ...(current.includes(revision) ? ["current"] : []),
  ];
}
