import { DatabaseUrlHostError, DatabaseUrlPortError } from "./errors.ts";
import { isSocket } from "./host-class.ts";
import { looksLikeIpv4, parseIpv4, parseIpv6 } from "./ip-address.ts";
import { decodePercent } from "./percent-encoding.ts";

/** A host as an address writes it: the host may be empty and the port may be missing. */
export interface WrittenHost {
  /** Without brackets, in lower case, decoded; or the directory of a unix socket; or empty. */
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * Reads the hosts of a URL's authority, separated by commas, still percent-encoded. The empty list where there is none.
 *
 * @throws DatabaseUrlHostError `E_DB_URL_HOST`, DatabaseUrlPortError `E_DB_URL_PORT`, DatabaseUrlEncodingError `E_DB_URL_ENCODING`
 */
export function parseAuthorityHosts(text: string, variable: string): readonly WrittenHost[] {
  if (text === "") return [];
  return refuseGaps(
    text.split(",").map((item) => parseAuthorityHost(item, variable)),
    variable,
  );
}

/**
 * Reads the values of a `host` parameter or of PGHOST: libpq's list with commas, and SQLAlchemy's repeated
 * `host=NAME:PORT`.
 *
 * @throws DatabaseUrlHostError `E_DB_URL_HOST`, DatabaseUrlPortError `E_DB_URL_PORT`
 */
export function parseHostParameter(values: readonly string[], variable: string): readonly WrittenHost[] {
  const items = values.flatMap((value) => value.split(",")).map((item) => item.trim());
  if (items.every((item) => item === "")) return [];
  return refuseGaps(
    items.map((item) => parseDecodedHost(item, variable)),
    variable,
  );
}

/**
 * Reads one port.
 *
 * @throws DatabaseUrlPortError `E_DB_URL_PORT` when it is no whole number from 1 to 65535
 */
export function parsePort(text: string, variable: string): number {
  const port = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw new DatabaseUrlPortError(variable);
  return port;
}

function refuseGaps(hosts: readonly WrittenHost[], variable: string): readonly WrittenHost[] {
  if (hosts.length > 1 && hosts.some(({ host }) => host === "")) {
    throw new DatabaseUrlHostError(
      variable,
      `The list of hosts in ${variable} has an empty place.`,
      `write HOST:PORT,HOST:PORT without a comma too many`,
    );
  }
  return hosts;
}

function parseAuthorityHost(item: string, variable: string): WrittenHost {
  if (item.startsWith("[")) return parseBracketed(item, variable);
  if (/^%2f/i.test(item)) return parseEncodedSocket(item, variable);
  const { name, port } = splitPort(item, variable);
  return { host: parseName(decodePercent(name, "host", variable), variable), port };
}

function parseDecodedHost(item: string, variable: string): WrittenHost {
  if (isSocket(item)) return { host: checkSocket(item, variable), port: undefined };
  if (item.startsWith("[")) return parseBracketed(item, variable);
  if (parseIpv6(item) !== undefined) return { host: item.toLowerCase(), port: undefined };
  const { name, port } = splitPort(item, variable);
  return { host: parseName(name, variable), port };
}

function parseBracketed(item: string, variable: string): WrittenHost {
  const match = /^\[([^[\]]*)\](?::(.*))?$/s.exec(item);
  // RFC 6874 writes the % before a zone as %25.
  const address = match?.[1]?.replace("%25", "%").toLowerCase();
  if (address === undefined || parseIpv6(address) === undefined) throw notIpv6(variable);
  return { host: address, port: optionalPort(match?.[2], variable) };
}

/** `%2Fvar%2Frun%2Fpostgresql:5432`; colons inside, as Cloud SQL has them, belong to the path. */
function parseEncodedSocket(item: string, variable: string): WrittenHost {
  const port = /:(\d+)$/.exec(item)?.[1];
  const path = port === undefined ? item : item.slice(0, -port.length - 1);
  return {
    host: checkSocket(decodePercent(path, "host", variable), variable),
    port: optionalPort(port, variable),
  };
}

function splitPort(
  item: string,
  variable: string,
): { readonly name: string; readonly port: number | undefined } {
  const [name = "", port, ...more] = item.split(":");
  if (more.length > 0)
    throw /^[0-9a-f:.]+$/i.test(item) ? notIpv6(variable) : new DatabaseUrlPortError(variable);
  return { name, port: optionalPort(port, variable) };
}

function optionalPort(text: string | undefined, variable: string): number | undefined {
  return text === undefined || text === "" ? undefined : parsePort(text, variable);
}

function parseName(text: string, variable: string): string {
  if (isSocket(text)) return checkSocket(text, variable);
  // The dot of the DNS root is not part of a certificate's name (RFC 6066).
  const name = text.toLowerCase().replace(/\.$/, "");
  if (name === "") {
    if (text !== "") throw notAHost(variable);
    return "";
  }
  if (name.length > 253 || !name.split(".").every(isLabel)) throw notAHost(variable);
  if (looksLikeIpv4(name) && parseIpv4(name) === undefined) throw notIpv4(variable);
  return name;
}

/** Most names are ASCII; the class of the world's letters alone takes a millisecond to build. */
function isLabel(label: string): boolean {
  return /^[\w-]{1,63}$/.test(label) || /^[\p{L}\p{M}\p{N}_-]{1,63}$/u.test(label);
}

function checkSocket(path: string, variable: string): string {
  // An @ would mean that a user and a password have slipped into the path, which is shown.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001F\u007F@]/.test(path)) throw notAHost(variable);
  return path;
}

function notAHost(variable: string): DatabaseUrlHostError {
  return new DatabaseUrlHostError(
    variable,
    `The host in ${variable} is neither a name, an address nor the directory of a unix socket.`,
    `write HOST or HOST:PORT after the last "@". If a raw "@", ":", "/", "?" or "#" belongs to the password, write %40, %3A, %2F, %3F or %23.`,
  );
}

function notIpv4(variable: string): DatabaseUrlHostError {
  return new DatabaseUrlHostError(
    variable,
    `The host in ${variable} is a number but no IPv4 address.`,
    `write all four numbers from 0 to 255, without leading zeros: 10.0.0.5`,
  );
}

function notIpv6(variable: string): DatabaseUrlHostError {
  return new DatabaseUrlHostError(
    variable,
    `The host in ${variable} is not an IPv6 address in brackets.`,
    `write an IPv6 address in brackets, with the port behind them: [2001:db8::1]:5432`,
  );
}
