/**
 * The modes of table locks from the weakest to the strongest, named as `pg_locks` names them.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export const lockModes = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
] as const;

export type LockMode = (typeof lockModes)[number];

/** The mode that a text names, in words (`access exclusive`), as `LOCK TABLE` or as `pg_locks` writes it; undefined for none. */
export function readLockMode(text: string): LockMode | undefined {
  const letters = text.toLowerCase().replaceAll(/[\s_-]/gu, "");
  return lockModes.find((mode) => [letters, `${letters}lock`].includes(mode.toLowerCase()));
}

/** A mode in the words of the manual: `access exclusive`. */
export function lockModeWords(mode: LockMode): string {
  return mode
    .replace(/Lock$/u, "")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/gu, " ")
    .toLowerCase();
}

/** Above 0 when `a` is the stronger one. */
export function compareLockModes(a: LockMode, b: LockMode): number {
  return lockModes.indexOf(a) - lockModes.indexOf(b);
}
