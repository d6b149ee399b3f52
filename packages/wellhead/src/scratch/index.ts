export * from "./errors.ts";
export { fillTables } from "./fill/fill-tables.ts";
export { neededExtensions, type ExtensionSource } from "./needed-extensions.ts";
export { askAgain } from "./ask-again.ts";
export { rolesOf } from "./script-roles.ts";
export { openScratch } from "./open-scratch.ts";
export type { Scratch, ScratchOptions } from "./scratch.ts";
