import type { HostAndPort } from "./database-target.ts";
import { DatabaseUrlConflictError, DatabaseUrlHostError, DatabaseUrlPortError } from "./errors.ts";
import { parseHostParameter, parsePort, type WrittenHost } from "./host.ts";
import { hostClass, isSocket } from "./host-class.ts";
import { addressSetting, environmentSetting, type Setting, type Settings } from "./settings.ts";
import type { WrittenAddress } from "./written-address.ts";

const DEFAULT_PORT = 5432;

/**
 * The servers of an address in the order to try them, at least one, each with its port.
 *
 * @throws DatabaseUrlHostError `E_DB_URL_HOST` when there is none
 * @throws DatabaseUrlConflictError `E_DB_URL_CONFLICT` when the parameters name other ones than the authority
 * @throws DatabaseUrlPortError `E_DB_URL_PORT`
 */
export function serversOf(
  written: WrittenAddress,
  settings: Settings,
): readonly [HostAndPort, ...HostAndPort[]] {
  const hosts = hostsOf(written.hosts, settings);
  const ports = portsFor(hosts, settings);
  const [first, ...others] = hosts.map(({ host }, index) => ({ host, port: ports[index] ?? DEFAULT_PORT }));
  if (first === undefined) throw noHost(settings.variable);
  return [first, ...others];
}

function hostsOf(written: readonly WrittenHost[], settings: Settings): readonly WrittenHost[] {
  const hasWritten = written.some(({ host }) => host !== "");
  const named = hostsOfParameter(settings);
  const parameter = named.length > 0 || hasWritten ? named : hostsOfAddress(settings);
  if (parameter.length === 0) return hasWritten ? written : keepPort(written, hostsOfEnvironment(settings));
  if (!hasWritten || isFiller(written, parameter)) return keepPort(written, parameter);
  if (!isSameList(written, parameter)) {
    throw new DatabaseUrlConflictError(
      settings.variable,
      `${settings.variable} names one host after the "@" and another one as the parameter host.`,
      `keep the host that is meant, in one place; drivers would silently send the password to the second`,
    );
  }
  return written.map((one, index) => ({
    host: one.host,
    port: samePort(one.port, parameter[index]?.port, settings),
  }));
}

function hostsOfParameter(settings: Settings): readonly WrittenHost[] {
  const { parameters, variable } = settings;
  const values = parameters.get("host") ?? [];
  // One host may be given twice; several in a row are SQLAlchemy's form of a list.
  return parseHostParameter([...new Set(values)], variable);
}

/** An address instead of a name; beside a name libpq only saves the lookup by it, so there it is left aside. */
function hostsOfAddress(settings: Settings): readonly WrittenHost[] {
  const address = addressSetting(settings, "hostaddr");
  return address === undefined ? [] : parseHostParameter([address.value], settings.variable);
}

function hostsOfEnvironment(settings: Settings): readonly WrittenHost[] {
  const host = environmentSetting(settings, "host") ?? environmentSetting(settings, "hostaddr");
  return host === undefined ? [] : parseHostParameter([host.value], host.variable);
}

/** `postgres://u:p@:5433/db?host=h`: the authority has the port, the parameter the host. */
function keepPort(written: readonly WrittenHost[], hosts: readonly WrittenHost[]): readonly WrittenHost[] {
  const port = written.length === 1 ? written[0]?.port : undefined;
  return port === undefined ? hosts : hosts.map((one) => ({ host: one.host, port: one.port ?? port }));
}

/** Prisma's `localhost/db?host=/socket`: a URL needs some host, and the socket is the one that is meant. */
function isFiller(written: readonly WrittenHost[], parameter: readonly WrittenHost[]): boolean {
  return (
    parameter.every(({ host }) => isSocket(host)) &&
    written.every(({ host }) => hostClass(host) === "loopback")
  );
}

function isSameList(written: readonly WrittenHost[], parameter: readonly WrittenHost[]): boolean {
  return (
    written.length === parameter.length && written.every(({ host }, index) => host === parameter[index]?.host)
  );
}

function portsFor(hosts: readonly WrittenHost[], settings: Settings): readonly (number | undefined)[] {
  const parameter = addressSetting(settings, "port");
  if (parameter !== undefined) {
    const ports = parsePorts(parameter, hosts.length);
    return hosts.map(({ port }, index) => samePort(port, ports[index], settings));
  }
  if (hosts.every(({ port }) => port !== undefined)) return hosts.map(({ port }) => port);
  const environment = environmentSetting(settings, "port");
  const ports = environment === undefined ? [] : parsePorts(environment, hosts.length);
  return hosts.map(({ port }, index) => port ?? ports[index]);
}

/** libpq's rule: one port for all hosts, or as many as hosts; an empty one is the default. */
function parsePorts({ value, variable }: Setting, count: number): readonly (number | undefined)[] {
  const ports = value
    .split(",")
    .map((text) => (text.trim() === "" ? undefined : parsePort(text.trim(), variable)));
  if (ports.length === 1) return Array.from({ length: count }, () => ports[0]);
  if (ports.length === count) return ports;
  throw new DatabaseUrlPortError(
    variable,
    `${variable} gives ${ports.length} ports for ${count} hosts; each is from 1 to 65535.`,
  );
}

function samePort(
  one: number | undefined,
  other: number | undefined,
  { variable }: Settings,
): number | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  throw new DatabaseUrlConflictError(
    variable,
    `${variable} gives one port after the host and another one as a parameter.`,
    `keep the port that is meant, in one place`,
  );
}

function noHost(variable: string): DatabaseUrlHostError {
  return new DatabaseUrlHostError(
    variable,
    `${variable} names no host.`,
    `write the host after the "@"; a variable in the URL may have been empty. For a server on this machine write localhost, for a unix socket ?host=/var/run/postgresql`,
  );
}
