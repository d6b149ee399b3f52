import type { TargetSessionAttrs } from "../database-url/index.ts";
import { NoSuitableServerError, showEndpoint, type Endpoint } from "./connect-errors.ts";
import type { PgConnection } from "./pg-connection.ts";
import { checkWritable, ReadOnlyError, type Writability } from "./writable.ts";

/**
 * Refuses a server that answered and is not of the wanted kind, and ends its connection, so that the next server of
 * the list can be tried.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS
 * @throws {ReadOnlyError} `E_DB_CONNECT_READ_ONLY`
 * @throws {NoSuitableServerError} `E_DB_CONNECT_SERVER_KIND`
 */
export async function checkServerKind(
  connection: PgConnection,
  wanted: TargetSessionAttrs,
  endpoint: Endpoint,
): Promise<void> {
  if (wanted === "any") return;
  const found = await checkWritable(connection);
  if (suits(found, wanted)) return;
  await connection.end();
  if (found.kind !== "writable" && (wanted === "read-write" || wanted === "primary")) {
    throw new ReadOnlyError(found.kind, showEndpoint(endpoint));
  }
  throw new NoSuitableServerError(endpoint, wanted);
}

function suits(found: Writability, wanted: TargetSessionAttrs): boolean {
  switch (wanted) {
    case "any":
    case "prefer-standby":
      return true;
    case "read-write":
      return found.kind === "writable";
    case "read-only":
      return found.kind !== "writable";
    case "primary":
      return found.kind !== "standby";
    case "standby":
      return found.kind === "standby";
    default:
      return wanted satisfies never;
  }
}
