import type { RevisionFailure } from "../run-revision.ts";

/** What the downgrade of a revision is worth, as `prove --json` prints it. */
export interface RoundTrip {
  readonly revision: string;
  readonly path: string;
  /** Upgrade and downgrade leave the schema that was there before, and the upgrade runs again. */
  readonly schemaRestored: boolean;
  /** The rows that were there before are there again, value by value. */
  readonly dataRestored: boolean;
  /** What is otherwise than before in the schema; of each the definition before and after, null where it is not there. */
  readonly difference?: readonly RoundTripDifference[];
  /** Tables whose rows are not what they were. */
  readonly tables?: readonly string[];
  /** What failed, and in which of the three runs. */
  readonly error?: RevisionFailure;
  readonly failedIn?: "upgrade" | "downgrade" | "second upgrade";
  /** There is no downgrade. `irreversible` is what the head says of it; without it nobody has said why. */
  readonly hasDowngrade?: false;
  readonly irreversible?: string;
  /** It was run on empty tables, because it fails on the rows that were made up. */
  readonly withoutRows?: true;
}

export interface RoundTripDifference {
  readonly kind: string;
  readonly name: string;
  readonly definitions: readonly [string | null, string | null];
}

/** Whether the downgrade does what it is there for, or there is none to do it. */
export function isFine({ schemaRestored, hasDowngrade }: RoundTrip): boolean {
  return schemaRestored || hasDowngrade === false;
}
