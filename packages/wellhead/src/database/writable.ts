import { ConnectError } from "./connect-errors.ts";
import type { Session } from "./session.ts";

/** Whether writes can land, and if not, why. */
export type Writability =
  | { readonly kind: "writable" }
  /** The server replays another one's changes; every session is read-only. */
  | { readonly kind: "standby" }
  /** `default_transaction_read_only` is on, for the server, the database or the role. */
  | { readonly kind: "read-only" };

/**
 * Asks the server whether a write could land; one round trip. Inside a transaction that was begun READ ONLY it
 * still answers for the ones to come.
 *
 * @see https://www.postgresql.org/docs/current/hot-standby.html
 */
export async function checkWritable(session: Pick<Session, "query">): Promise<Writability> {
  const [row] = await session.query<{ standby: boolean; read_only: string }>(
    "SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('default_transaction_read_only') AS read_only",
  );
  if (row?.standby === true) return { kind: "standby" };
  return row?.read_only === "on" ? { kind: "read-only" } : { kind: "writable" };
}

/** E_DB_CONNECT_READ_ONLY: the database answers and takes no writes. Thrown by those who need to write. */
export class ReadOnlyError extends ConnectError {
  // While a cluster fails over, a standby is about to become the primary.
  override readonly mayHeal = true;
  readonly because: "standby" | "read-only";

  constructor(because: "standby" | "read-only", where?: string) {
    const place = where === undefined ? "" : ` at ${where}`;
    super(
      "E_DB_CONNECT_READ_ONLY",
      because === "standby" ? `read-only standby${place}` : `read-only database${place}`,
      because === "standby"
        ? "connect to the primary: its host, or the read-write endpoint of the cluster"
        : "default_transaction_read_only is on: switch it off for the database or the role (ALTER DATABASE … RESET default_transaction_read_only)",
    );
    this.because = because;
  }
}
