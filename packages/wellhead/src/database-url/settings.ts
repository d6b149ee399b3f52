import { parameterValue, type Parameters } from "./parameters.ts";
import { checkSendable } from "./percent-encoding.ts";
import { refusePlaceholdersInParameters } from "./placeholders.ts";

/** The environment as `process.env` has it. An empty variable counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value and where it was written. */
export interface Setting {
  readonly value: string;
  /** The environment variable that holds it, itself or inside a URL. */
  readonly variable: string;
}

/** Where the settings of a connection come from: the parameters of the address first, then libpq's variables. */
export interface Settings {
  /** The variable that holds the address. */
  readonly variable: string;
  readonly parameters: Parameters;
  readonly env: Environment;
}

/** libpq's environment variables, each by the parameter it is the default of. @see https://www.postgresql.org/docs/current/libpq-envars.html */
const VARIABLES = {
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  port: "PGPORT",
  user: "PGUSER",
  password: "PGPASSWORD",
  dbname: "PGDATABASE",
  options: "PGOPTIONS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  application_name: "PGAPPNAME",
  connect_timeout: "PGCONNECT_TIMEOUT",
  channel_binding: "PGCHANNELBINDING",
  target_session_attrs: "PGTARGETSESSIONATTRS",
} as const;

/** A parameter that has an environment variable beside it. */
export type SettingName = keyof typeof VARIABLES;

/** A setting from the address, else from libpq's variable. */
export function settingOf(settings: Settings, name: SettingName): Setting | undefined {
  return addressSetting(settings, name) ?? environmentSetting(settings, name);
}

/**
 * A setting from the parameters of the address alone.
 *
 * @throws DatabaseUrlConflictError `E_DB_URL_CONFLICT` when it has two values there
 */
export function addressSetting({ parameters, variable }: Settings, name: string): Setting | undefined {
  const value = parameterValue(parameters, name, variable);
  return value === undefined ? undefined : { value, variable };
}

/** A setting from libpq's variable alone. A line end after it is dropped: secret files end with one. */
export function environmentSetting({ env }: Settings, name: SettingName): Setting | undefined {
  const variable = VARIABLES[name];
  const raw = env[variable]?.replace(/[\r\n]+$/, "") ?? "";
  const value = name === "password" ? raw : raw.trim();
  if (value === "") return undefined;
  refusePlaceholdersInParameters([[name, value]], variable);
  return { value: checkSendable(value, name === "dbname" ? "database name" : name, variable), variable };
}
