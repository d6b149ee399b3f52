export { defineConfig, type WellheadConfiguration } from "./configuration.ts";
export {
  ConfigurationInvalidError,
  ConfigurationMissingError,
  ConfigurationUnreadableError,
} from "./errors.ts";
export { CONFIGURATION_NAMES, findConfiguration, type FoundConfiguration } from "./find-configuration.ts";
export type { ModelsConfiguration } from "./models-configuration.ts";
