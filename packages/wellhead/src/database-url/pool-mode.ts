import type { HostAndPort, PoolMode } from "./database-target.ts";
import { parameterValue, type Parameters } from "./parameters.ts";

/** Where each host runs its transaction-mode pooler. */
const TRANSACTION_POOLERS: readonly ((server: HostAndPort) => boolean)[] = [
  ({ port }) => port === 6432, // PgBouncer's own default; Azure, PlanetScale
  ({ host }) => /^ep-[^.]*-pooler\./.test(host), // Neon, also under other domains
  ({ host, port }) => port === 6543 && /\.supabase\.(?:co|com)$/.test(host),
  ({ host }) => host.startsWith("pgbouncer.") && host.endsWith(".flympg.net"),
  ({ host, port }) => port === 25061 && host.endsWith(".ondigitalocean.com"),
  ({ host, port }) => port === 5431 && host.endsWith(".postgresbridge.com"),
  ({ host }) => host === "pooled.db.prisma.io",
];

/** What people write for their client because a transaction-mode pooler is there. */
const POOLER_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["pgbouncer", ["true", "1"]],
  ["statement_cache_size", ["0"]],
  ["prepared_statement_cache_size", ["0"]],
  ["preparethreshold", ["0"]],
]);

/** What lies between the client and the servers, from their names and ports and from the parameters. */
export function poolModeOf(
  servers: readonly HostAndPort[],
  parameters: Parameters,
  variable: string,
): PoolMode {
  if (asksForTransactionMode(parameters, variable)) return "transaction";
  if (servers.some((server) => TRANSACTION_POOLERS.some((isPooler) => isPooler(server))))
    return "transaction";
  return servers.some(isSessionPooler) ? "session" : "direct";
}

function asksForTransactionMode(parameters: Parameters, variable: string): boolean {
  for (const [name, values] of POOLER_PARAMETERS) {
    const value = parameterValue(parameters, name, variable);
    if (value !== undefined && values.includes(value.trim().toLowerCase())) return true;
  }
  return false;
}

/** Supabase's shared pooler, which is in session mode on every port but 6543. */
function isSessionPooler({ host }: HostAndPort): boolean {
  return host.endsWith(".pooler.supabase.com");
}
