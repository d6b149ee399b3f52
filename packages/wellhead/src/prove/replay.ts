import type { Migrations } from "../migrate/index.ts";
import type { Scratch } from "../scratch/index.ts";
import { ProofRevisions } from "./proof-revision.ts";
import { commitRevision, RevisionFailed, type RevisionFailure } from "./run-revision.ts";

/** Whether revisions run from base in the order that their graph gives them. */
export interface ReplayProof {
  /** What ran, in its order; with a failure up to it. */
  readonly revisions: readonly string[];
  /** The Postgres that it ran on. */
  readonly version: string;
  /** What did not run. */
  readonly error?: RevisionFailure;
}

export interface ProveReplayOptions {
  readonly migrations: Migrations;
  /** The revisions to come to. */
  readonly to: readonly string[];
  /** An empty scratch database, to keep. */
  readonly scratch: Scratch;
  readonly signal?: AbortSignal | undefined;
}

/** Runs revisions from base on, as `upgrade` would on a new database. */
export async function proveReplay({
  migrations,
  to,
  scratch,
  signal,
}: ProveReplayOptions): Promise<ReplayProof> {
  const plan = migrations.graph.planUpgrade({ from: [], to }).map((step) => step.revision);
  const revisions = await new ProofRevisions(migrations).upgrades(plan);
  const { version } = scratch;
  return await scratch.database.withSession(async (session) => {
    const done: string[] = [];
    for (const revision of revisions) {
      signal?.throwIfAborted();
      try {
        await commitRevision(session, revision);
      } catch (error) {
        if (error instanceof RevisionFailed) return { revisions: done, version, error: error.failure };
        throw error;
      }
      done.push(revision.revision);
    }
    return { revisions: done, version };
  });
}
