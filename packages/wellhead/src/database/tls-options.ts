import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";

import type { PgTarget } from "../database-url/index.ts";
import type { Endpoint } from "./connect-errors.ts";
import { TlsError } from "./tls-errors.ts";

/**
 * What `pg` gets as `ssl`: the target's, with the files and the variable it names read. Node sends the host's name
 * for SNI and compares it with the certificate.
 *
 * @throws {TlsError} `E_DB_CONNECT_TLS` when a file cannot be read
 */
export function readTlsOptions(
  { ssl }: PgTarget,
  endpoint: Endpoint,
  env: Readonly<Record<string, string | undefined>>,
): false | ConnectionOptions {
  if (ssl === false) return false;
  const ca = ssl.caEnv === undefined ? readPem(ssl.caFile, "sslrootcert", endpoint) : pemText(env[ssl.caEnv]);
  const cert = readPem(ssl.certFile, "sslcert", endpoint);
  const key = readPem(ssl.keyFile, "sslkey", endpoint);
  return {
    rejectUnauthorized: ssl.rejectUnauthorized,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ssl.passphrase !== undefined && { passphrase: ssl.passphrase }),
    // verify-ca: the chain counts, the name does not.
    ...(ssl.checkServerIdentity === "skip" && { checkServerIdentity: () => undefined }),
  };
}

function readPem(path: string | undefined, setting: string, endpoint: Endpoint): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TlsError(
      "unreadable-file",
      endpoint,
      `the file of ${setting}, ${path}, cannot be read (${code})`,
      error,
    );
  }
}

/** Platforms' forms for variables take one line, so the line breaks of a certificate often arrive as `\n`. */
function pemText(value: string | undefined): string | undefined {
  return value?.replaceAll("\\n", "\n");
}
