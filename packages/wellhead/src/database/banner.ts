import type { DatabaseTarget } from "../database-url/index.ts";
import { WellheadError } from "../wellhead-error.ts";
import { ConnectError, seconds } from "./connect-errors.ts";

/** The first line of a start: which database this is, without user and password. */
export function bannerLine({ mode, display }: Pick<DatabaseTarget, "mode" | "display">): string {
  return `DB INIT | mode=${mode} | url=${display}`;
}

/** The line that follows once the database has answered. */
export const connectivityOkLine: string = "DB connectivity OK";

/** The line that takes its place when the database does not come up: what is wrong and what to do, on one line. */
export function connectivityFailedLine(error: unknown): string {
  const parts = ["DB connectivity FAILED", reasonOf(error)];
  if (error instanceof WellheadError && error.hint !== undefined) parts.push(`hint: ${error.hint}`);
  return parts.join(" | ").replaceAll(/\s*\n\s*/g, " ");
}

function reasonOf(error: unknown): string {
  if (error instanceof ConnectError) {
    const { reason, attempts, triedForMs } = error;
    return attempts > 1 ? `${reason} (${attempts} attempts in ${seconds(triedForMs)})` : reason;
  }
  return error instanceof Error ? error.message : String(error);
}
