import type { ConnectionParameters, TargetSessionAttrs } from "./database-target.ts";
import { DatabaseUrlConflictError, DatabaseUrlParameterError } from "./errors.ts";
import { parseSessionOptions } from "./session-options.ts";
import { addressSetting, settingOf, type Setting, type Settings } from "./settings.ts";

/** The settings that reach the client, and the schema, which has several spellings. */
export interface ClientSettings {
  readonly schema: string | null;
  /** Undefined when there is nothing in it. */
  readonly params: ConnectionParameters | undefined;
}

const CHANNEL_BINDINGS = ["disable", "prefer", "require"] as const;
const SESSION_ATTRS = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
] as const satisfies readonly TargetSessionAttrs[];

// pgjdbc's targetServerType in libpq's words.
const SERVER_TYPES: ReadonlyMap<string, TargetSessionAttrs> = new Map([
  ["any", "any"],
  ["primary", "primary"],
  ["master", "primary"],
  ["secondary", "standby"],
  ["slave", "standby"],
  ["prefersecondary", "prefer-standby"],
  ["preferslave", "prefer-standby"],
]);

/**
 * Translates the parameters that mean something to the client; every other one is dropped, since the server would
 * refuse it as an unknown setting.
 *
 * @throws DatabaseUrlParameterError `E_DB_URL_PARAMETER` for a word that would decide about safety and is unknown
 * @throws DatabaseUrlConflictError `E_DB_URL_CONFLICT` for two schemas
 */
export function readClientSettings(settings: Settings): ClientSettings {
  const { searchPath, options } = parseSessionOptions(settingOf(settings, "options")?.value ?? "");
  const params = withoutUndefined({
    applicationName: applicationName(settings),
    channelBinding: channelBinding(settings),
    connectTimeoutMs: connectTimeoutMs(settings),
    options,
    poolMax: positiveInteger(addressSetting(settings, "connection_limit")?.value),
    targetSessionAttrs: targetSessionAttrs(settings),
  });
  return {
    schema: schemaOf(searchPath, settings),
    params: Object.keys(params).length > 0 ? params : undefined,
  };
}

function schemaOf(searchPath: string | undefined, settings: Settings): string | null {
  const schema = addressSetting(settings, "schema")?.value || undefined;
  if (schema !== undefined && searchPath !== undefined && schema !== searchPath) {
    throw new DatabaseUrlConflictError(
      settings.variable,
      `${settings.variable} names one schema, and another search_path in its options.`,
      `keep the schema that is meant, in one place`,
    );
  }
  return schema ?? (searchPath || null);
}

function applicationName(settings: Settings): string | undefined {
  const name =
    settingOf(settings, "application_name") ?? addressSetting(settings, "fallback_application_name");
  return name?.value || undefined;
}

function channelBinding(settings: Settings): ConnectionParameters["channelBinding"] {
  const setting = settingOf(settings, "channel_binding");
  return setting && oneOf(CHANNEL_BINDINGS, setting, "channel_binding");
}

function targetSessionAttrs(settings: Settings): TargetSessionAttrs | undefined {
  const serverType = addressSetting(settings, "targetservertype");
  const attrs = settingOf(settings, "target_session_attrs");
  if (serverType === undefined || addressSetting(settings, "target_session_attrs") !== undefined) {
    return attrs && oneOf(SESSION_ATTRS, attrs, "target_session_attrs");
  }
  const translated = SERVER_TYPES.get(serverType.value.toLowerCase());
  if (translated !== undefined) return translated;
  throw new DatabaseUrlParameterError(serverType.variable, "targetServerType", [
    "any",
    "primary",
    "secondary",
    "preferSecondary",
  ]);
}

/** libpq counts in seconds; no number is no setting. */
function connectTimeoutMs(settings: Settings): number | undefined {
  const text = settingOf(settings, "connect_timeout")?.value.trim() ?? "";
  return /^\d{1,7}$/.test(text) ? Number(text) * 1000 : undefined;
}

function positiveInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,5}$/.test(text.trim()) ? Number(text) : undefined;
}

function oneOf<Word extends string>(
  words: readonly Word[],
  { value, variable }: Setting,
  parameter: string,
): Word {
  const word = words.find((one) => one === value.trim().toLowerCase());
  if (word === undefined) throw new DatabaseUrlParameterError(variable, parameter, words);
  return word;
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
