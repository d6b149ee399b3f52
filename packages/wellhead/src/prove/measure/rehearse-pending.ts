import { prepareStep, stepInfos, type Migrations, type PreparedStep } from "../../migrate/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import { nested, rehearse, type Rehearsal, type RehearsedRevision } from "./rehearse.ts";

/** What to rehearse, and where. */
export interface RehearsePendingOptions {
  readonly migrations: Migrations;
  /** Where the database stands; none where there is none: then everything from base is pending. */
  readonly versions: readonly string[];
  /** Up to where; default `heads`. */
  readonly target?: string;
  /** Also look at each statement; default false. */
  readonly measuresStatements?: boolean;
  /** An empty scratch database. Asked for only where something is pending. */
  readonly scratch: () => Promise<Scratch>;
  /** Nobody needs it afterwards, so it may be left as it is then; default: what is done there is undone. */
  readonly isOwnScratch?: boolean;
}

/** What came of it, and on which Postgres. */
export interface PendingRehearsal extends Rehearsal, Pick<Scratch, "engine" | "version"> {}

/**
 * Rehearses what `upgrade` would run, in a scratch database that stands where the database does.
 *
 * @returns undefined where nothing is pending
 * @throws {BaseRevisionError} `E_SCRATCH_REVISION`; what `upgrade` throws for a target or a revision that cannot be run
 */
export async function rehearsePending({
  migrations,
  versions,
  target = "heads",
  measuresStatements = false,
  scratch,
  isOwnScratch = false,
}: RehearsePendingOptions): Promise<PendingRehearsal | undefined> {
  const { graph } = migrations;
  const pending = await prepare(graph.planUpgrade({ from: versions, to: target }), migrations);
  if (pending.length === 0) return undefined;
  const applied =
    versions.length === 0 ? [] : await prepare(graph.planUpgrade({ from: [], to: versions }), migrations);
  const shared = await scratch();
  const needsCommits =
    measuresStatements || [...applied, ...pending].some(({ body }) => body.kind === "statements");
  const rehearsal = needsCommits ? undefined : await rehearseInside(shared, { applied, pending });
  const { engine, version } = shared;
  const rehearseIn = isOwnScratch ? rehearseThere : rehearseInCopy;
  return {
    ...(rehearsal ?? (await rehearseIn(shared, { applied, pending, measuresStatements }))),
    engine,
    version,
  };
}

interface Steps {
  readonly applied: readonly PreparedStep[];
  readonly pending: readonly PreparedStep[];
}

/** In one transaction that is rolled back; undefined where a revision needs what an earlier one has committed. */
async function rehearseInside({ database }: Scratch, steps: Steps): Promise<Rehearsal | undefined> {
  const rehearsal = await database.withSession(async (session) => {
    await session.run("BEGIN");
    try {
      return await rehearse(session, { ...steps, transactions: nested });
    } finally {
      await session.run(`ROLLBACK; ${session.resetSettings}`);
    }
  });
  return rehearsal.revisions.some(needsCommit) ? undefined : rehearsal;
}

/** A value that was added to an enum can be used once that is committed. */
function needsCommit({ outcome }: RehearsedRevision): boolean {
  return outcome.kind === "failed" && outcome.failure.code === "55P04";
}

interface CommittedOptions extends Steps {
  readonly measuresStatements: boolean;
}

async function rehearseThere({ database }: Scratch, options: CommittedOptions): Promise<Rehearsal> {
  return await database.withSession(async (session) => await rehearse(session, options));
}

async function rehearseInCopy(shared: Scratch, options: CommittedOptions): Promise<Rehearsal> {
  const copy = await shared.copy();
  try {
    return await rehearseThere(copy, options);
  } finally {
    await copy.close();
  }
}

type Plan = Parameters<typeof stepInfos>[0];

async function prepare(plan: Plan, migrations: Migrations): Promise<readonly PreparedStep[]> {
  const steps: PreparedStep[] = [];
  for (const info of stepInfos(plan, migrations)) {
    const file = migrations.files.get(info.revision);
    if (file !== undefined) steps.push(await prepareStep(info, file));
  }
  return steps;
}
