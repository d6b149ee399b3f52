import { errorFacts } from "../error-text.ts";
import type { Output } from "../output.ts";
import { leftOut, type ProvableMigrations } from "../provable-migrations.ts";
import type { WellheadError } from "../../wellhead-error.ts";

/** A revision of which nobody here knows what it runs, and why. */
export interface UnseenRevision {
  readonly revision: string;
  readonly path: string;
  readonly reason: WellheadError;
}

/** Those that the proofs of these heads leave out, in the order of a plan. */
export function unseenIn(provable: ProvableMigrations, heads: readonly string[]): readonly UnseenRevision[] {
  const { migrations, unseen } = provable;
  const out = leftOut(provable);
  if (out.size === 0) return [];
  return migrations.graph.planUpgrade({ from: [], to: heads }).flatMap(({ revision }) => {
    const [reason, file] = [unseen.get(revision), migrations.files.get(revision)];
    return reason === undefined || file === undefined ? [] : [{ revision, path: file.path, reason }];
  });
}

/** As `--json` prints it. */
export function unseenDocument({ revision, path, reason }: UnseenRevision): unknown {
  const { code, message, hint } = reason;
  return { code, message, hint, ...reason.toJSON(), revision, path };
}

/** For people: what is not proved, with the way out. */
export function unseenLines(unseen: readonly UnseenRevision[], style: Output["style"]): string[] {
  return unseen.flatMap(({ reason }) => {
    const { message, hint } = errorFacts(reason);
    return [
      `${style("red", "not seen".padEnd("order-dependent".length))} ${message}`,
      ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ];
  });
}
