import type { HostAndPort, SslMode } from "./database-target.ts";
import { isSocket } from "./host-class.ts";

/**
 * The address for people: servers, database and the mode in effect. It is built from the parts that may be shown, not
 * by taking secrets out of the URL, so nothing else can slip through. `database` undefined shows `(default)`.
 */
export function displayAddress(
  servers: readonly HostAndPort[],
  database: string | undefined,
  sslmode: SslMode,
): string {
  const name = database === undefined ? "(default)" : encodeURIComponent(database);
  return `${servers.map(displayServer).join(",")}/${name}?sslmode=${sslmode}`;
}

function displayServer({ host, port }: HostAndPort): string {
  if (isSocket(host)) return `unix:${host}:${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
