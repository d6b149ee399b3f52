import type { Setting, ValueOf } from "./setting.ts";
import { SETTINGS } from "./table.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

type Table = typeof SETTINGS;
export type Values = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** Reads every variable of the table; what is not allowed is noted, and the default goes on in its place. */
export function readValues(env: Environment, mistakes: string[]): Values {
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([name, setting]) => [
    name,
    valueOf(name, setting, env, mistakes),
  ]);
  return Object.fromEntries(entries) as Values;
}

function valueOf(name: string, setting: Setting<unknown>, env: Environment, mistakes: string[]): unknown {
  const text = env[name]?.trim() ?? "";
  const value = text === "" ? undefined : setting.parse(text);
  if (text !== "" && value === undefined) {
    mistakes.push(`${name} must be ${setting.allowed}${setting.isSecret ? "" : `, not ${shown(text)}`}`);
  }
  return value ?? setting.otherwise;
}

/** A pasted file would hide the other mistakes. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
