export { SettingsError } from "./errors.ts";
export { readSettings, type Settings } from "./settings.ts";
