import type { Migrations } from "../../migrate/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import { ProofBaseError } from "../errors.ts";
import { forksOf, type Fork } from "../lineage.ts";
import { ProofRevisions, type PrepareStep } from "../proof-revision.ts";
import { TrialGround } from "./trial-ground.ts";
import { needsCopy, type Branch } from "./branch.ts";
import { CommittedOrders } from "./committed-orders.ts";
import type { CommuteProof, UnfilledTable, UnprovedPair } from "./commute-proof.ts";
import type { ProveEvent } from "./events.ts";
import { connected, judgeGroup, needsExactness } from "./groups.ts";
import { GroundLayer } from "./lay-ground.ts";
import type { GroupProof, PairProof } from "./pair-proof.ts";
import { tryOrder } from "./run-order.ts";
import { tablesAtFault } from "./seeded-rows.ts";
import type { Seed } from "./seed.ts";

/** What to prove, and with what. */
export interface ProveCommuteOptions {
  readonly migrations: Migrations;
  /** The revisions to prove; default: all heads. */
  readonly heads?: readonly string[];
  /** Gives an empty scratch database, to keep: what runs here is committed. Asked again where heads have ancestors that do not lie on one line; the one before is not used any more then. */
  readonly scratch: () => Promise<Scratch>;
  /** The project's own rows; default: rows are made up. */
  readonly seed?: Seed | undefined;
  /** Look at every order of three heads and more; default: only where pairs do not tell all and there are at most six. */
  readonly exact?: boolean | undefined;
  /** How a revision is read; default: `prepareStep`. */
  readonly prepare?: PrepareStep | undefined;
  /** Revisions of which nobody knows what they run. Common ancestors are left out, and what stands on them is proved as far as it runs without; a head that brings one is not proved. */
  readonly unseen?: ReadonlySet<string> | undefined;
  readonly onEvent?: ((event: ProveEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Proves for every two heads that it does not matter in which order they run, or shows that it does: both orders run
 * over the common ancestors, with rows in the tables, and what they leave is compared.
 *
 * @throws {ProofBaseError} `E_PROOF_BASE` when a common ancestor does not run
 * @throws {SeedFailedError} `E_SEED`
 * @throws {StatementLimitError} `E_DB_STATEMENT_LIMIT` when a statement does not end
 */
export async function proveCommute(options: ProveCommuteOptions): Promise<CommuteProof> {
  const { migrations } = options;
  const heads = options.heads ?? migrations.graph.heads({ resolveDependencies: true });
  const all = forksOf(migrations.graph, heads);
  const unseen = options.unseen ?? new Set<string>();
  const forks = all.filter(({ branches }) => !branches.flat().some((id) => unseen.has(id)));
  const unproved = all.flatMap((fork) => unprovedPair(fork, fork.branches.flat(), unseen));
  const without = new Set(forks.flatMap(({ base }) => base.filter((id) => unseen.has(id))));
  const revisions = new ProofRevisions(migrations, options.prepare);
  const judged = new Map<Fork, PairProof>();
  const groups: GroupProof[] = [];
  const unfilled = new Map<string, UnfilledTable>();
  let layer: GroundLayer | undefined;
  for (const family of familiesOf(forks)) {
    const base = family.base.filter((id) => !unseen.has(id));
    if (layer?.canBecome(base) !== true) layer = new GroundLayer(await options.scratch(), options.seed);
    try {
      const known = { ...family, base };
      const proof = await proveFamily(known, layer, revisions, options, judged.size, forks.length);
      for (const [fork, pair] of proof.pairs) judged.set(fork, pair);
      groups.push(...proof.groups);
      for (const each of proof.unfilled) unfilled.set(each.table, each);
    } catch (error) {
      // An ancestor may need what was left out.
      if (!(error instanceof ProofBaseError) || base.length === family.base.length) throw error;
      layer = undefined;
      unproved.push(...family.forks.flatMap((fork) => unprovedPair(fork, fork.base, unseen)));
    }
  }
  return {
    pairs: forks.flatMap((fork) => judged.get(fork) ?? []),
    ...(groups.length > 0 && { groups }),
    ...(unproved.length > 0 && { unproved }),
    ...(without.size > 0 && { leftOut: [...without] }),
    unfilled: [...unfilled.values()],
  };
}

function unprovedPair(
  { heads }: Fork,
  revisions: readonly string[],
  unseen: ReadonlySet<string>,
): readonly UnprovedPair[] {
  const found = revisions.filter((id) => unseen.has(id));
  return found.length === 0 ? [] : [{ heads, unseen: found }];
}

/** Forks with the same common ancestors. */
interface Family {
  readonly base: readonly string[];
  readonly forks: readonly Fork[];
}

/** Those with fewer ancestors come first, so that the next ones can build on them. */
function familiesOf(forks: readonly Fork[]): readonly Family[] {
  const families = new Map<string, { base: readonly string[]; forks: Fork[] }>();
  for (const fork of forks) {
    const key = fork.base.toSorted().join("\n");
    const family = families.get(key) ?? { base: fork.base, forks: [] };
    family.forks.push(fork);
    families.set(key, family);
  }
  return [...families.values()].toSorted((one, other) => one.base.length - other.base.length);
}

interface FamilyProof {
  readonly pairs: ReadonlyMap<Fork, PairProof>;
  readonly groups: readonly GroupProof[];
  readonly unfilled: readonly UnfilledTable[];
}

async function proveFamily(
  { base, forks }: Family,
  layer: GroundLayer,
  revisions: ProofRevisions,
  options: ProveCommuteOptions,
  done: number,
  total: number,
): Promise<FamilyProof> {
  const { onEvent, signal, exact } = options;
  onEvent?.({ kind: "base", revisions: base.length });
  const branches = await branchesOf(forks, revisions);
  const branchOf = (fork: Fork, index: 0 | 1): Branch => {
    const found = branches.get(branchKey(fork, index));
    if (found === undefined) throw new Error("unreachable: every branch was read");
    return found;
  };
  const pairs = new Map<Fork, PairProof>();
  const forCopies = new Set<Fork>();
  const groups: GroupProof[] = [];
  const { ground, unfilled } = await layer.scratch.database.withSession(async (session) => {
    const laid = await layer.lay(session, await revisions.upgrades(base), signal);
    await session.run("BEGIN");
    try {
      const trial = new TrialGround(laid.ground, {
        run: async (order, wish) => await tryOrder(session, laid.ground, order, { ...wish, signal }),
        tablesAtFault: async (table) => await tablesAtFault(session, laid.ground.filled, table),
      });
      for (const [index, fork] of forks.entries()) {
        onEvent?.({ kind: "pair", heads: fork.heads, index: done + index, total });
        const pair = [branchOf(fork, 0), branchOf(fork, 1)] as const;
        const judged = pair.some(needsCopy) ? undefined : await trial.judge(pair);
        if (judged === undefined || judged.wantsCommit) forCopies.add(fork);
        else pairs.set(fork, judged.proof);
      }
      groups.push(...(await proveGroups({ forks, pairs, branchOf, trial }, { exact, onEvent })));
    } finally {
      await session.run("ROLLBACK").catch(() => undefined);
    }
    return laid;
  });
  if (forCopies.size === 0) return { pairs, groups, unfilled };
  const committed = new CommittedOrders(ground, signal);
  try {
    const trial = new TrialGround(ground, committed);
    for (const fork of forCopies) {
      onEvent?.({ kind: "pair", heads: fork.heads, index: done + forks.indexOf(fork), total });
      pairs.set(fork, (await trial.judge([branchOf(fork, 0), branchOf(fork, 1)])).proof);
    }
    groups.push(...(await proveGroups({ forks, pairs, branchOf, trial, forCopies }, { exact, onEvent })));
  } finally {
    await committed.close();
  }
  return { pairs, groups, unfilled };
}

/** A head may bring other revisions to one fork than to another, where it has more ancestors in common. */
function branchKey({ heads, branches }: Fork, index: 0 | 1): string {
  return `${heads[index]}\n${branches[index].join("\n")}`;
}

async function branchesOf(
  forks: readonly Fork[],
  revisions: ProofRevisions,
): Promise<ReadonlyMap<string, Branch>> {
  const branches = new Map<string, Branch>();
  for (const fork of forks) {
    for (const index of [0, 1] as const) {
      const key = branchKey(fork, index);
      if (branches.has(key)) continue;
      branches.set(key, {
        head: fork.heads[index],
        revisions: await revisions.upgrades(fork.branches[index]),
      });
    }
  }
  return branches;
}

interface GroupsToProve {
  readonly forks: readonly Fork[];
  readonly pairs: ReadonlyMap<Fork, PairProof>;
  readonly branchOf: (fork: Fork, index: 0 | 1) => Branch;
  readonly trial: TrialGround;
  /** Only groups with one of these pairs, which needs copies; default: only groups that need none. */
  readonly forCopies?: ReadonlySet<Fork>;
}

async function proveGroups(
  { forks, pairs, branchOf, trial, forCopies }: GroupsToProve,
  { exact, onEvent }: Pick<ProveCommuteOptions, "exact" | "onEvent">,
): Promise<readonly GroupProof[]> {
  const branches = [...new Set(forks.flatMap((fork) => [branchOf(fork, 0), branchOf(fork, 1)]))];
  const forkOf = (one: Branch, other: Branch): Fork | undefined =>
    forks.find((each) => {
      const pair = [branchOf(each, 0), branchOf(each, 1)];
      return pair.includes(one) && pair.includes(other);
    });
  const proofOf = (one: Branch, other: Branch): PairProof | undefined => {
    const fork = forkOf(one, other);
    return fork === undefined ? undefined : pairs.get(fork);
  };
  const groups: GroupProof[] = [];
  for (const group of connected(branches, (one, other) => proofOf(one, other)?.skipped !== true)) {
    if (!(exact ?? needsExactness(group, { onCopies: forCopies !== undefined })) || group.length < 3)
      continue;
    const twos = group.flatMap((one, index) => group.slice(index + 1).map((other) => [one, other] as const));
    // What a pair tells already need not be looked for again.
    if (!twos.every(([one, other]) => proofOf(one, other)?.verdict === "commute")) continue;
    const isForCopies = twos.some(([one, other]) => forCopies?.has(forkOf(one, other) as Fork));
    if (forCopies !== undefined && !isForCopies) continue;
    onEvent?.({ kind: "group", heads: group.map(({ head }) => head) });
    const alone = await Promise.all(group.map(async (branch) => await trial.alone(branch)));
    groups.push(await judgeGroup(group, trial.ground, trial.run, trial.emptiedFor(alone)));
  }
  return groups;
}
