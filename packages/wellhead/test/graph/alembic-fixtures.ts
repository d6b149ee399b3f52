import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { RevisionInput } from "wellhead/graph";

/** The shapes of `fixtures/alembic`, as its README tells them. */
export interface Case {
  readonly name: string;
  readonly revisions: readonly FixtureRevision[];
  readonly load?: Load;
  readonly queries: readonly Query[];
  readonly timings?: Readonly<Record<string, number | string>>;
}

export interface FixtureRevision {
  readonly id: string;
  readonly down: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
}

type Load = Outcome | { readonly anyOf: readonly Outcome[] };

interface Outcome {
  readonly error?: FixtureError;
  readonly warnings?: readonly string[];
}

export interface FixtureError {
  readonly errorClass: string;
  readonly message: string;
  readonly cause?: { readonly errorClass: string; readonly message: string };
  readonly stepsBefore?: readonly FixtureStep[];
}

export interface FixtureStep {
  readonly op: "upgrade" | "downgrade" | "stamp";
  readonly revision?: string;
  readonly rowsAfter: readonly string[];
}

export interface Answer {
  readonly result?: unknown;
  readonly error?: FixtureError;
  readonly warnings?: readonly string[];
}

export interface Query extends Answer {
  readonly kind: string;
  readonly anyOf?: readonly Answer[];
  readonly resolveDependencies?: boolean;
  readonly range?: string;
  readonly rows?: readonly string[];
  readonly target?: string;
  readonly from?: readonly string[];
  readonly to?: string | readonly string[];
  readonly purge?: boolean;
  readonly revs?: string | readonly string[];
  readonly message?: string;
  readonly branchLabel?: string;
  readonly splice?: boolean;
  readonly head?: string | readonly string[];
  readonly dependsOn?: string | readonly string[];
  readonly revId?: string;
}

const folder = new URL("../fixtures/alembic/", import.meta.url);

/** All cases of all files whose name begins so. */
export function readCases(prefix = ""): Case[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(".json.gz"))
    .toSorted()
    .flatMap(
      (name) =>
        (JSON.parse(gunzipSync(readFileSync(new URL(name, folder))).toString()) as { cases: Case[] }).cases,
    );
}

/** A case's revisions as the graph takes them. */
export function inputsOf({ revisions }: Case): RevisionInput[] {
  return revisions.map(({ id, down, dependsOn, labels, message }) => ({
    revision: id,
    revises: down,
    dependsOn,
    labels,
    message,
  }));
}
