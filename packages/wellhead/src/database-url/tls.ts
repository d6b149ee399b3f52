import type { HostAndPort, SslMode, TlsOptions } from "./database-target.ts";
import { DatabaseUrlCaRequiredError, DatabaseUrlConflictError, DatabaseUrlSslModeError } from "./errors.ts";
import { farthestClass, type HostClass } from "./host-class.ts";
import { refusePlaceholdersInValue } from "./placeholders.ts";
import { addressSetting, environmentSetting, settingOf, type Setting, type Settings } from "./settings.ts";

/** The decision about TLS, as the target has it. */
export interface TlsChoice {
  readonly sslmode: SslMode;
  readonly ssl: false | TlsOptions;
  readonly sslFallback?: "plain";
}

type Authority =
  | { readonly kind: "none" }
  | { readonly kind: "system" }
  | { readonly kind: "named"; readonly options: Pick<TlsOptions, "caFile" | "caEnv"> };

/** A mode that was asked for, and by which parameter. */
interface WishedMode {
  readonly mode: SslMode;
  readonly variable: string;
}

// `allow` would try without TLS first, which no driver here can; `no-verify` is node-postgres' word.
const MODES: ReadonlyMap<string, SslMode> = new Map([
  ["disable", "disable"],
  ["allow", "prefer"],
  ["prefer", "prefer"],
  ["require", "require"],
  ["no-verify", "require"],
  ["verify-ca", "verify-ca"],
  ["verify-full", "verify-full"],
]);

const DEFAULT_MODES = {
  socket: "disable",
  loopback: "disable",
  private: "prefer",
  public: "require",
} as const satisfies Record<HostClass, SslMode>;

/**
 * Chooses TLS: what is written, by libpq's definitions, else what the farthest of the servers calls for.
 *
 * @throws DatabaseUrlSslModeError `E_DB_URL_SSLMODE` for a word that libpq does not know
 * @throws DatabaseUrlConflictError `E_DB_URL_CONFLICT` when `ssl`, `sslmode` and `sslrootcert` contradict each other
 * @throws DatabaseUrlCaRequiredError `E_DB_URL_CA_REQUIRED` for `verify-ca` without a certificate authority
 */
export function chooseTls(servers: readonly HostAndPort[], settings: Settings): TlsChoice {
  const wished = wishedMode(settings);
  const authority = authorityOf(settings);
  refuseWeakSystem(wished, authority, settings);
  const farthest = farthestClass(servers.map(({ host }) => host));
  // Postgres has no TLS on a unix socket; libpq ignores whatever is asked for there.
  if (farthest === "socket") return { sslmode: "disable", ssl: false };
  const byDefault = authority.kind === "system" ? "verify-full" : DEFAULT_MODES[farthest];
  const sslmode = effectiveMode(wished?.mode ?? byDefault, authority);
  if (sslmode === "verify-ca" && authority.kind === "none")
    throw new DatabaseUrlCaRequiredError(wished?.variable ?? settings.variable);
  return { sslmode, ...clientOptions(sslmode, authority, settings) };
}

function wishedMode(settings: Settings): WishedMode | undefined {
  const sslmode = addressSetting(settings, "sslmode");
  const ssl = addressSetting(settings, "ssl");
  const fromSslmode = sslmode && { mode: modeOf(sslmode, "sslmode"), variable: sslmode.variable };
  const fromSsl = ssl && { mode: modeOfSsl(ssl), variable: ssl.variable };
  if (fromSslmode !== undefined && ssl !== undefined) refuseContradiction(ssl, fromSslmode.mode);
  return fromSslmode ?? fromSsl ?? wishedByEnvironment(settings);
}

function wishedByEnvironment(settings: Settings): WishedMode | undefined {
  const sslmode = environmentSetting(settings, "sslmode");
  return sslmode && { mode: modeOf(sslmode, sslmode.variable), variable: sslmode.variable };
}

function modeOf({ value, variable }: Setting, parameter: string): SslMode {
  const mode = MODES.get(value.trim().toLowerCase());
  if (mode === undefined) throw new DatabaseUrlSslModeError(variable, parameter);
  return mode;
}

/** JDBC's and node-postgres' `ssl=true`, bare `ssl`, and asyncpg's `ssl=require`. */
function modeOfSsl(ssl: Setting): SslMode {
  const isTrue = truthOf(ssl.value);
  if (isTrue === undefined) return modeOf(ssl, "ssl");
  return isTrue ? "require" : "disable";
}

function truthOf(value: string): boolean | undefined {
  const word = value.trim().toLowerCase();
  if (["true", "1", "on", "yes", ""].includes(word)) return true;
  return ["false", "0", "off", "no"].includes(word) ? false : undefined;
}

/** `ssl=true` agrees with every mode that insists on TLS, `ssl=false` with none but `disable`, a word with itself. */
function refuseContradiction(ssl: Setting, mode: SslMode): void {
  const isTrue = truthOf(ssl.value);
  const agrees = isTrue === true ? mode !== "disable" && mode !== "prefer" : modeOfSsl(ssl) === mode;
  if (agrees) return;
  throw new DatabaseUrlConflictError(
    ssl.variable,
    `In ${ssl.variable} ssl and sslmode contradict each other.`,
    `keep sslmode alone: libpq and its URLs know it in six strengths`,
  );
}

/** libpq's order; beside it the text of a certificate, which platforms put into the environment. */
function authorityOf(settings: Settings): Authority {
  const file = settingOf(settings, "sslrootcert")?.value;
  if (file === "system") return { kind: "system" };
  if (file !== undefined && file !== "") return { kind: "named", options: { caFile: file } };
  const text = (settings.env["DATABASE_CA_CERT"] ?? "").trim();
  if (text === "") return { kind: "none" };
  refusePlaceholdersInValue(text, "DATABASE_CA_CERT");
  return { kind: "named", options: { caEnv: "DATABASE_CA_CERT" } };
}

/** libpq refuses this as well: any publicly trusted certificate would pass. */
function refuseWeakSystem(
  wished: WishedMode | undefined,
  authority: Authority,
  { variable }: Settings,
): void {
  if (authority.kind !== "system" || wished === undefined || wished.mode === "verify-full") return;
  throw new DatabaseUrlConflictError(
    variable,
    `sslrootcert=system in or beside ${variable} trusts every public certificate authority, so it needs sslmode=verify-full.`,
    `write sslmode=verify-full, or leave sslrootcert out`,
  );
}

/** libpq: `require` with a certificate authority at hand verifies like `verify-ca`. */
function effectiveMode(mode: SslMode, authority: Authority): SslMode {
  return mode === "require" && authority.kind === "named" ? "verify-ca" : mode;
}

function clientOptions(
  sslmode: SslMode,
  authority: Authority,
  settings: Settings,
): Omit<TlsChoice, "sslmode"> {
  if (sslmode === "disable") return { ssl: false };
  const isVerified = sslmode === "verify-ca" || sslmode === "verify-full";
  const ssl: TlsOptions = {
    rejectUnauthorized: isVerified,
    ...(isVerified && authority.kind === "named" ? authority.options : {}),
    ...clientCertificate(settings),
    ...(sslmode === "verify-ca" ? { checkServerIdentity: "skip" } : {}),
  };
  return sslmode === "prefer" ? { ssl, sslFallback: "plain" } : { ssl };
}

function clientCertificate(settings: Settings): Pick<TlsOptions, "certFile" | "keyFile" | "passphrase"> {
  const certFile = settingOf(settings, "sslcert")?.value;
  const keyFile = settingOf(settings, "sslkey")?.value;
  const passphrase = addressSetting(settings, "sslpassword")?.value;
  return {
    ...(certFile && { certFile }),
    ...(keyFile && { keyFile }),
    ...(keyFile && passphrase && { passphrase }),
  };
}
