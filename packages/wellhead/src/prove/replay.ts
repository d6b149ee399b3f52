import type { Migrations } from "../migrate/index.ts";
import type { Scratch } from "../scratch/index.ts";
import { needsCopy } from "./commute/branch.ts";
import { needsCommit } from "./commute/run-order.ts";
import { ProofRevisions, type ProofRevision } from "./proof-revision.ts";
import { commitRevision, RevisionFailed, runRevision, type RevisionFailure } from "./run-revision.ts";

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
  /** Gives an empty scratch database, which is left empty. */
  readonly open: () => Promise<Scratch>;
  /** Gives one to keep, for revisions that need a commit between them. */
  readonly spend: () => Promise<Scratch>;
  /** Revisions of which nobody knows what they run: they are left out. */
  readonly unseen?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs revisions from base on, as `upgrade` would on a new database. */
export async function proveReplay(options: ProveReplayOptions): Promise<ReplayProof> {
  const { migrations, to } = options;
  const plan = migrations.graph.planUpgrade({ from: [], to }).map((step) => step.revision);
  const known = plan.filter((revision) => options.unseen?.has(revision) !== true);
  const revisions = await new ProofRevisions(migrations).upgrades(known);
  if (!needsCopy({ revisions })) {
    const proof = await inTransaction(revisions, options);
    if (proof.error === undefined || !needsCommit(proof.error)) return proof;
  }
  return await withCommits(revisions, options);
}

/** All in one transaction that is rolled back. */
async function inTransaction(
  revisions: readonly ProofRevision[],
  { open, signal }: ProveReplayOptions,
): Promise<ReplayProof> {
  const { database, version } = await open();
  return await database.withSession(async (session) => {
    await session.run("BEGIN");
    try {
      return {
        version,
        ...(await runAll(revisions, async (each) => runRevision(session, each, { signal }))),
      };
    } finally {
      await session.run("ROLLBACK").catch(() => undefined);
    }
  });
}

async function withCommits(
  revisions: readonly ProofRevision[],
  { spend, signal }: ProveReplayOptions,
): Promise<ReplayProof> {
  const { database, version } = await spend();
  return await database.withSession(async (session) => ({
    version,
    ...(await runAll(revisions, async (each) => commitRevision(session, each, { signal }))),
  }));
}

async function runAll(
  revisions: readonly ProofRevision[],
  run: (revision: ProofRevision) => Promise<void>,
): Promise<Omit<ReplayProof, "version">> {
  const done: string[] = [];
  for (const revision of revisions) {
    try {
      await run(revision);
    } catch (error) {
      if (error instanceof RevisionFailed) return { revisions: done, error: error.failure };
      throw error;
    }
    done.push(revision.revision);
  }
  return { revisions: done };
}
