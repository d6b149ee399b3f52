import { DatabaseUrlConflictError, DatabaseUrlDatabaseError } from "./errors.ts";
import { parseAuthorityHosts, type WrittenHost } from "./host.ts";
import { parseQuery, type Parameters } from "./parameters.ts";
import { decodePercent, LONE_PERCENT } from "./percent-encoding.ts";
import { refuseFillInPassword } from "./placeholders.ts";
import { addressSetting, environmentSetting, type Setting, type Settings } from "./settings.ts";
import { splitUrl } from "./url-parts.ts";

/** What an address of a Postgres server says, before libpq's environment and any default. */
export interface WrittenAddress {
  /** Decoded; undefined where there is none. */
  readonly user: string | undefined;
  /** Decoded; undefined where there is none, empty where an empty one is given. */
  readonly password: string | undefined;
  /** The password as written, still percent-encoded. */
  readonly rawPassword: string | undefined;
  readonly hosts: readonly WrittenHost[];
  readonly database: string | undefined;
  readonly parameters: Parameters;
}

/** What a `key=value` string says, or no address at all: everything in parameters. */
export function addressOfParameters(parameters: Parameters): WrittenAddress {
  return {
    user: undefined,
    password: undefined,
    rawPassword: undefined,
    hosts: [],
    database: undefined,
    parameters,
  };
}

/** Reads the text after `postgresql://`. Throws the room's errors: …_AMBIGUOUS, _ENCODING, _HOST, _PORT, _DATABASE. */
export function parseAddress(text: string, variable: string): WrittenAddress {
  const { userinfo = "", hosts, path, query = "" } = splitUrl(text, variable);
  const colon = userinfo.indexOf(":");
  const rawUser = colon < 0 ? userinfo : userinfo.slice(0, colon);
  const rawPassword = colon < 0 ? undefined : userinfo.slice(colon + 1);
  return {
    user: decodePercent(rawUser, "user", variable) || undefined,
    password: rawPassword === undefined ? undefined : decodePercent(rawPassword, "password", variable),
    rawPassword,
    hosts: parseAuthorityHosts(hosts, variable),
    database: path === undefined || path === "" ? undefined : parseDatabase(path, variable),
    parameters: parseQuery(query, variable),
  };
}

/** The user; undefined leaves it to the driver. */
export function userOf(written: WrittenAddress, settings: Settings): Setting | undefined {
  const user = agreed("user", written.user, settings) ?? environmentSetting(settings, "user");
  return user?.value === "" ? undefined : user;
}

/** The password. One that stands for a missing password is refused when the server `isPublic`. */
export function passwordOf(
  written: WrittenAddress,
  settings: Settings,
  isPublic: boolean,
): string | undefined {
  const password = agreed("password", written.password, settings) ?? environmentSetting(settings, "password");
  if (password !== undefined && isPublic)
    refuseFillInPassword(written.rawPassword ?? password.value, password.variable);
  return password?.value;
}

/** The database; undefined where none is named. */
export function databaseOf(written: WrittenAddress, settings: Settings): string | undefined {
  const named = agreed("dbname", written.database, settings) ?? environmentSetting(settings, "dbname");
  if (named === undefined || named.value === "") return undefined;
  const isUrl = named.value.includes("://") || (written.database === undefined && /:.*@/s.test(named.value));
  if (isUrl) {
    throw new DatabaseUrlDatabaseError(
      named.variable,
      `The database name in ${named.variable} is itself an address.`,
      `name the database alone; an address belongs into DATABASE_URL, once`,
    );
  }
  return named.value;
}

/** Whether the password holds characters that belong percent-encoded, so that other tools may read the URL differently. */
export function hasRawPasswordCharacters({ rawPassword = "" }: WrittenAddress): boolean {
  return /[:/?#[\]@\s]/.test(rawPassword) || LONE_PERCENT.test(rawPassword);
}

function parseDatabase(path: string, variable: string): string {
  if (/[/@]/.test(path)) {
    throw new DatabaseUrlDatabaseError(
      variable,
      `The database name in ${variable} has a raw "/" or "@" in it.`,
      `name the database alone, without a slash at the end; inside a name write %2F and %40`,
    );
  }
  return decodePercent(path, "database name", variable);
}

/** What the authority and the parameter of the same meaning say, when they do not say two things. */
function agreed(
  name: "user" | "password" | "dbname",
  value: string | undefined,
  settings: Settings,
): Setting | undefined {
  const parameter = addressSetting(settings, name);
  if (value === undefined || parameter === undefined || parameter.value === value) {
    return value === undefined ? parameter : { value, variable: settings.variable };
  }
  const what = name === "dbname" ? "database" : name;
  throw new DatabaseUrlConflictError(
    settings.variable,
    `${settings.variable} gives one ${what} before the "?" and another one as the parameter ${name}.`,
    `keep the ${what} that is meant, in one place`,
  );
}
