import { prepareStep, stepInfos, type Migrations, type PreparedStep } from "../../migrate/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import type { Seed } from "../commute/seed.ts";
import type { WellheadError } from "../../wellhead-error.ts";
import { isPrepared, type PendingStep, type Rehearsal, type RehearsedRevision } from "./rehearsal.ts";
import { nested, rehearse, type RehearseOptions } from "./rehearse.ts";

/** What to rehearse, and where. */
export interface RehearsePendingOptions {
  readonly migrations: Migrations;
  /** Where the database stands; none where there is none: then everything from base is pending. */
  readonly versions: readonly string[];
  /** Up to where; default `heads`. */
  readonly target?: string | readonly string[];
  /** Also look at each statement; default false. */
  readonly measuresStatements?: boolean;
  /** Why nobody knows what a revision runs, of those of which nobody does: see `withAlembicSql`. */
  readonly unseen?: ReadonlyMap<string, WellheadError>;
  /** The project's own rows: where there are several heads they are put in over what all of these have. */
  readonly seed?: Seed | undefined;
  /** Asked for a scratch database only where something is pending. */
  readonly scratch: ScratchSource;
}

/** Where scratch databases come from, empty. */
interface ScratchSource {
  /** One that is shared: what is done there is rolled back. */
  readonly open: () => Promise<Scratch>;
  /** One that nobody needs afterwards. */
  readonly spend: () => Promise<Scratch>;
}

/** What came of it, and on which Postgres. */
export interface PendingRehearsal extends Rehearsal, Pick<Scratch, "engine" | "version"> {}

/**
 * Rehearses what `upgrade` would run, in a scratch database that stands where the database does.
 *
 * @returns undefined where nothing is pending
 * @throws {ProofBaseError} `E_PROOF_BASE`; the reason where nothing pending is seen; what `upgrade` throws for a target or a revision that cannot be run
 */
export async function rehearsePending({
  migrations,
  versions,
  target = "heads",
  measuresStatements = false,
  unseen = new Map(),
  seed: rows,
  scratch,
}: RehearsePendingOptions): Promise<PendingRehearsal | undefined> {
  const { graph } = migrations;
  const pending = await prepare(graph.planUpgrade({ from: versions, to: target }), migrations, unseen);
  if (pending.length === 0) return undefined;
  const [first] = pending.flatMap(({ body }) => (body.kind === "unseen" ? [body.reason] : []));
  if (first !== undefined && pending.every(({ body }) => body.kind === "unseen")) throw first;
  const applied: PreparedStep[] = [];
  if (versions.length > 0) {
    const steps = await prepare(graph.planUpgrade({ from: [], to: versions }), migrations, unseen);
    applied.push(...steps.filter(isPrepared));
  }
  const over = commonAncestors(migrations);
  const seed = rows === undefined || over.size === 0 ? undefined : { rows, over };
  const steps = { applied, pending, seed, leftOut: [...unseen.keys()] };
  const needsCommits =
    measuresStatements || [...applied, ...pending].some(({ body }) => body.kind === "statements");
  const inside = needsCommits ? undefined : await rehearseInside(await scratch.open(), steps);
  if (inside !== undefined) return inside;
  const { database, engine, version } = await scratch.spend();
  const rehearsal = await database.withSession(
    async (session) => await rehearse(session, { ...steps, measuresStatements }),
  );
  return { ...rehearsal, engine, version };
}

/** What lies below all heads; nothing where there is one head alone. */
function commonAncestors({ graph }: Migrations): ReadonlySet<string> {
  const heads = graph.heads();
  const [first, ...others] = heads.map((head) =>
    graph.planUpgrade({ from: [], to: head }).map(({ revision }): string => revision),
  );
  if (first === undefined || others.length === 0) return new Set();
  return new Set(first.filter((revision) => others.every((each) => each.includes(revision))));
}

interface Steps {
  readonly applied: readonly PreparedStep[];
  readonly pending: readonly PendingStep[];
  readonly seed: RehearseOptions["seed"];
  readonly leftOut: Iterable<string>;
}

/** In one transaction that is rolled back; undefined where a revision needs what an earlier one has committed. */
async function rehearseInside(
  { database, engine, version }: Scratch,
  steps: Steps,
): Promise<PendingRehearsal | undefined> {
  const rehearsal = await database.withSession(async (session) => {
    await session.run("BEGIN");
    try {
      return await rehearse(session, { ...steps, transactions: nested });
    } finally {
      await session.run(`ROLLBACK; ${session.resetSettings}`);
    }
  });
  return rehearsal.revisions.some(needsCommit) ? undefined : { ...rehearsal, engine, version };
}

/** A value that was added to an enum can be used once that is committed. */
function needsCommit({ outcome }: RehearsedRevision): boolean {
  return outcome.kind === "failed" && outcome.failure.code === "55P04";
}

type Plan = Parameters<typeof stepInfos>[0];

async function prepare(
  plan: Plan,
  migrations: Migrations,
  unseen: ReadonlyMap<string, WellheadError>,
): Promise<readonly PendingStep[]> {
  const steps: PendingStep[] = [];
  for (const info of stepInfos(plan, migrations)) {
    const file = migrations.files.get(info.revision);
    const reason = unseen.get(info.revision);
    if (file === undefined) continue;
    steps.push(
      reason === undefined ? await prepareStep(info, file) : { info, file, body: { kind: "unseen", reason } },
    );
  }
  return steps;
}
