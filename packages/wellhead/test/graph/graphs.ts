import { RevisionGraph, type RevisionInput } from "wellhead/graph";

/**
 * A graph from lines `id: parents`, in load order, with `[label]` for a label and `(needed)` for a dependency:
 * `{ b2: "b1 [users] (a1)" }`.
 */
export function graphOf(lines: Readonly<Record<string, string>>): RevisionGraph {
  return RevisionGraph.of(inputsFrom(lines));
}

export function inputsFrom(lines: Readonly<Record<string, string>>): RevisionInput[] {
  return Object.entries(lines).map(([revision, line]) => {
    const words = line.split(" ").filter(Boolean);
    return {
      revision,
      revises: words.filter((word) => !/^[[(]/.test(word)),
      labels: words.filter((word) => word.startsWith("[")).map((word) => word.slice(1, -1)),
      dependsOn: words.filter((word) => word.startsWith("(")).map((word) => word.slice(1, -1)),
      message: `about ${revision}`,
      path: `migrations/${revision}.sql`,
    };
  });
}
