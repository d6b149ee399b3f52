export { patchText, type PatchedFile } from "./patch.ts";
export { readBranch, type Branch, type BranchFile } from "./branch.ts";
export * from "./errors.ts";
export { findRepository, type Repository } from "./repository.ts";
export { extractModules } from "./extract-modules.ts";
export type { TreePlace } from "./read-tree.ts";
export { unite, type UnitedRevision, type UnitedRevisions } from "./unite.ts";
