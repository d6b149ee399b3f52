const SENTENCES = {
  W_DATABASE_DEFAULTED:
    "The URL names no database, so the one named like the user is taken, as libpq does. Write /DATABASE after the host to be sure.",
  W_MIGRATE_THROUGH_POOLER:
    "Migrations would run through a transaction-mode pooler. Set MIGRATION_DATABASE_URL (or DIRECT_URL) to the server's own address.",
  W_RAW_PASSWORD_CHARS:
    "The password holds characters that belong percent-encoded in a URL; other tools may read this URL differently. Encode @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25, a space as %20.",
  W_TLS_DISABLED_PUBLIC:
    "TLS is switched off for a server on a public address: the password and all data cross the network in clear. Remove sslmode=disable.",
  W_TLS_NOT_VERIFIED:
    "The connection is encrypted, but the server's certificate is not verified. Use sslmode=verify-full, with sslrootcert=FILE or DATABASE_CA_CERT where the host has its own certificate authority.",
} as const;

/** What a target can warn of. */
export type DatabaseUrlWarningCode = keyof typeof SENTENCES;

/**
 * The sentence for people behind a warning of a target. It speaks of no particular URL, so it can be logged.
 *
 * @example
 * for (const code of target.warnings ?? []) console.error(databaseUrlWarning(code));
 */
export function databaseUrlWarning(code: DatabaseUrlWarningCode): string {
  return SENTENCES[code];
}
