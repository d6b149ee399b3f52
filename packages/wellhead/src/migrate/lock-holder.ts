/** Another process that is at work on the same version table. */
export interface LockHolder {
  /** Process id of its server process. */
  readonly pid: number;
  readonly applicationName: string;
  /** When its transaction began, ISO 8601. */
  readonly since: string;
}
