export type { ChooseRenames } from "./choose-renames.ts";
export { differenceWords, type SideWords } from "./difference-words.ts";
export * from "./errors.ts";
export { differencesWithin, generateChange, type GeneratedChange } from "./generate-change.ts";
export { generatePart, type GeneratedPart, type LeftToDo } from "./generate-part.ts";
export { namedRename } from "./named-renames.ts";
export { renameCandidates, shortName, type RenameCandidate } from "./renames.ts";
export { revisionSql } from "./revision-sql.ts";
export { schemaAfter, stateAfter, undone, type Make, type SchemaState } from "./schema-state.ts";
