export * from "./errors.ts";
export { fillTables } from "./fill/fill-tables.ts";
export { neededExtensions, type ExtensionSource } from "./needed-extensions.ts";
export { neededRoles } from "./needed-roles.ts";
export { openScratch } from "./open-scratch.ts";
export type { Scratch, ScratchOptions } from "./scratch.ts";
