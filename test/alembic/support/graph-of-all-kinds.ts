import type { ProjectRevision } from "./project-revision.ts";

/**
 * Branches, a merge, labels, and dependencies on an id, on a label and on a head of another line:
 *
 * ```
 * core01 ─┬─ users01 (users) ─── users02 ───┬─ merge01 ── tail01 ── tail02 ··> extra01
 *         ├─ bills01 (billing) ─ bills02 ───┘
 *         └─ third01
 * index01 (search) ── index02 ··> users02 ── index03 ··> billing
 * extra01 (extra)                         a head that tail02 depends on
 * ```
 */
export const graphOfAllKinds: readonly ProjectRevision[] = [
  { id: "core01" },
  { id: "users01", down: ["core01"], labels: ["users"], message: "the users, and what they're called" },
  { id: "users02", down: ["users01"] },
  { id: "bills01", down: ["core01"], labels: ["billing"] },
  { id: "bills02", down: ["bills01"] },
  { id: "third01", down: ["core01"] },
  { id: "merge01", down: ["users02", "bills02"] },
  { id: "tail01", down: ["merge01"] },
  { id: "index01", labels: ["search"] },
  { id: "index02", down: ["index01"], dependsOn: ["users02"] },
  { id: "index03", down: ["index02"], dependsOn: ["billing"] },
  { id: "extra01", labels: ["extra"] },
  { id: "tail02", down: ["tail01"], dependsOn: ["extra01"] },
];
