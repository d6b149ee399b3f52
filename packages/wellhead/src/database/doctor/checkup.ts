import { WellheadError } from "../../wellhead-error.ts";
import { ConnectError } from "../connect-errors.ts";

/** What was found at one layer. */
export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong, on one line; never a password. */
  readonly detail: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** What to do; also where the check holds and something is worth knowing. */
  readonly hint?: string;
}

/** All layers in their order. */
export interface DoctorReport {
  /** Whether a write can land. */
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
  /** The names of the checks that need one that failed. */
  readonly notRun: readonly string[];
}

/** How a check ended: what it found, with what the next layers need of it, or why it does not hold. */
export type Finding<T> =
  | {
      readonly kind: "holds";
      readonly detail: string;
      readonly hint?: string | undefined;
      readonly value: T;
    }
  | { readonly kind: "fails"; readonly detail: string; readonly hint: string };

/** Runs checks one after the other and keeps what they found. */
export class Checkup {
  readonly #checks: DoctorCheck[] = [];
  readonly #notRun: string[] = [];

  /**
   * Runs a check on what an earlier one gave, and gives what this one found. Undefined stands for what a failed check
   * owes: a check that gets it is not run and gives undefined itself. An error of ours is a check that fails.
   */
  async run<N, T>(
    name: string,
    needed: N | undefined,
    examine: (needed: N) => Promise<Finding<T>>,
  ): Promise<T | undefined> {
    if (needed === undefined) {
      this.#notRun.push(name);
      return undefined;
    }
    const begun = performance.now();
    const finding = await examine(needed).catch(failureOf);
    const durationMs = Math.round((performance.now() - begun) * 10) / 10;
    const { kind, detail, hint } = finding;
    this.#checks.push({
      name,
      ok: kind === "holds",
      detail: oneLine(detail),
      durationMs,
      ...(hint !== undefined && hint !== "" && { hint: oneLine(hint) }),
    });
    return kind === "holds" ? finding.value : undefined;
  }

  report(): DoctorReport {
    const checks = [...this.#checks];
    return { ok: checks.every((check) => check.ok), checks, notRun: [...this.#notRun] };
  }
}

/** A check that holds and that no other one builds on. */
export function holds(detail: string, hint?: string): Finding<true> {
  return { kind: "holds", detail, hint, value: true };
}

export function fails(detail: string, hint: string): Finding<never> {
  return { kind: "fails", detail, hint };
}

function failureOf(error: unknown): Finding<never> {
  if (!(error instanceof WellheadError)) throw error;
  return fails(error instanceof ConnectError ? error.reason : error.message, error.hint ?? "");
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}
