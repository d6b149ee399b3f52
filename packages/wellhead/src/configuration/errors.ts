import { WellheadError } from "../wellhead-error.ts";

/** `--config` names a file that is not there. */
export class ConfigurationMissingError extends WellheadError {
  readonly path: string;

  constructor(path: string) {
    super("E_CONFIG_MISSING", `There is no configuration file ${path}.`, {
      hint: "see the path after --config, or run `wellhead init` to write one",
    });
    this.path = path;
  }
}

/** The configuration file does not load. */
export class ConfigurationUnreadableError extends WellheadError {
  readonly path: string;

  constructor(path: string, reason: string, cause: unknown) {
    super("E_CONFIG_UNREADABLE", `${path} does not load: ${reason}`, {
      hint: hintFor(path, reason),
      cause,
    });
    this.path = path;
  }
}

/** The configuration file says something that is not known. */
export class ConfigurationInvalidError extends WellheadError {
  readonly path: string;
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super("E_CONFIG_INVALID", `${path}: ${problems.join("; ")}.`, {
      hint: "the fields are migrations, url, versionTable, versionTableSchema, models, transaction, singleHead and seed",
    });
    this.path = path;
    this.problems = problems;
  }
}

function hintFor(path: string, reason: string): string {
  if (reason === "permission denied")
    return "give the user that runs this the right to read it (`chmod a+r`)";
  if (reason === "it is a folder") return "name the file itself, such as wellhead.config.ts";
  return path.endsWith(".json")
    ? 'it must be one object in JSON: {"migrations": "migrations"}'
    : 'it must export its object as default: export default defineConfig({ migrations: "migrations" })';
}
