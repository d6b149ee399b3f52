export { readBranch, type Branch } from "./branch.ts";
export * from "./errors.ts";
export { extractModules } from "./extract-modules.ts";
export { patchText, type PatchedFile } from "./patch.ts";
export { findRepository, pathInRepository } from "./repository.ts";
export { unite, type UnitedRevisions } from "./unite.ts";
