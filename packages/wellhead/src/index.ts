/**
 * Wellhead: migrations as a revision graph, one way to the database, every write lands.
 *
 * @module
 */
export { defineConfig, type WellheadConfiguration } from "./configuration/index.ts";
export { WellheadError, type WellheadErrorOptions } from "./wellhead-error.ts";
export * from "./migrate/index.ts";
