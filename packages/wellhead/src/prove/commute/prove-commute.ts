import type { Session } from "../../database/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import type { Scratch } from "../../scratch/index.ts";
import { forksOf, type Fork } from "../lineage.ts";
import { ProofRevisions, type PrepareStep } from "../proof-revision.ts";
import { runAlone, type Alone } from "./alone.ts";
import { needsCopy, type Branch } from "./branch.ts";
import type { CommuteProof, UnfilledTable } from "./commute-proof.ts";
import type { RunAgain } from "./compare-orders.ts";
import { areDisjoint, reachOf, type Reach } from "./disjoint.ts";
import type { ProveEvent } from "./events.ts";
import type { Ground } from "./ground.ts";
import { connected, judgeGroup, needsExactness } from "./groups.ts";
import { judgePair } from "./judge-pair.ts";
import { GroundLayer } from "./lay-ground.ts";
import type { GroupProof, PairProof } from "./pair-proof.ts";
import { failsForWantOfCommit, tryOrder, tryOrderOnCopy } from "./run-order.ts";
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
  const forks = forksOf(migrations.graph, heads);
  const revisions = new ProofRevisions(migrations, options.prepare);
  const judged = new Map<Fork, PairProof>();
  const groups: GroupProof[] = [];
  const unfilled = new Map<string, UnfilledTable>();
  let layer: GroundLayer | undefined;
  for (const family of familiesOf(forks)) {
    if (layer?.canBecome(family.base) !== true)
      layer = new GroundLayer(await options.scratch(), options.seed);
    const proof = await proveFamily(family, layer, revisions, options, judged.size, forks.length);
    for (const [fork, pair] of proof.pairs) judged.set(fork, pair);
    groups.push(...proof.groups);
    for (const each of proof.unfilled) unfilled.set(each.table, each);
  }
  return {
    pairs: forks.flatMap((fork) => judged.get(fork) ?? []),
    ...(groups.length > 0 && { groups }),
    unfilled: [...unfilled.values()],
  };
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
  const forCopies: Fork[] = [];
  const groups: GroupProof[] = [];
  const { ground, unfilled } = await layer.scratch.database.withSession(async (session) => {
    const laid = await layer.lay(session, await revisions.upgrades(base), signal);
    await session.run("BEGIN");
    try {
      const bench = new Bench(session, laid.ground, signal);
      for (const [index, fork] of forks.entries()) {
        onEvent?.({ kind: "pair", heads: fork.heads, index: done + index, total });
        const pair = [branchOf(fork, 0), branchOf(fork, 1)] as const;
        const proof = pair.some(needsCopy) ? undefined : await bench.judge(pair);
        if (proof === undefined) forCopies.push(fork);
        else pairs.set(fork, proof);
      }
      groups.push(...(await proveGroups(forks, pairs, branchOf, bench, { exact, onEvent })));
    } finally {
      await session.run("ROLLBACK").catch(() => undefined);
    }
    return laid;
  });
  for (const fork of forCopies) {
    pairs.set(fork, await judgeOnCopies([branchOf(fork, 0), branchOf(fork, 1)], ground, signal));
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

/** The ground with a transaction open on it, and what each head did alone. */
class Bench {
  readonly ground: Ground;
  readonly run: RunAgain;
  readonly #session: Session;
  readonly #alone = new Map<Branch, { readonly alone: Alone; readonly reach: Reach | undefined }>();

  constructor(session: Session, ground: Ground, signal: AbortSignal | undefined) {
    this.ground = ground;
    this.#session = session;
    this.run = async (order, options) => await tryOrder(session, ground, order, { ...options, signal });
  }

  /** The proof of a pair; undefined where it needs a commit between its revisions. */
  async judge([one, other]: readonly [Branch, Branch]): Promise<PairProof | undefined> {
    const [first, second] = [await this.alone(one), await this.alone(other)];
    if (first.reach !== undefined && second.reach !== undefined && areDisjoint(first.reach, second.reach)) {
      return skippedPair(one, other);
    }
    const emptied = this.emptiedFor([first, second]);
    const { ground, run } = this;
    const { proof, outcomes } = await judgePair([one, other], { ground, run, withoutRows: emptied });
    if (outcomes.some(failsForWantOfCommit)) return undefined;
    const both = [first, second];
    const failing = both.flatMap(({ alone: { outcome } }) =>
      outcome.kind === "failed" ? [outcome.head] : [],
    );
    // Of a head that runs without rows no better, the rows are not the trouble.
    const told = this.emptiedFor(both.filter(({ alone }) => alone.outcome.kind === "done"));
    return {
      ...proof,
      ...(failing.length > 0 && { failsAlone: failing }),
      ...(told.length > 0 && { withoutRows: told }),
    };
  }

  /** The filled tables that are emptied for these heads. */
  emptiedFor(heads: readonly { readonly alone: Alone }[]): readonly string[] {
    const emptied = new Set(heads.flatMap(({ alone }) => alone.withoutRows));
    return this.ground.filled.filter((table) => emptied.has(table));
  }

  async alone(branch: Branch): Promise<{ readonly alone: Alone; readonly reach: Reach | undefined }> {
    const known = this.#alone.get(branch);
    if (known !== undefined) return known;
    const alone = await runAlone(this.#session, branch, this.ground, this.run);
    const { outcome, withoutRows } = alone;
    // Rows that were taken away are part of what it touched.
    const reach =
      outcome.kind === "done" && withoutRows.length === 0
        ? reachOf(branch, outcome.state, this.ground)
        : undefined;
    const found = { alone, reach };
    this.#alone.set(branch, found);
    return found;
  }
}

function skippedPair(one: Branch, other: Branch): PairProof {
  return {
    heads: [one.head, other.head],
    verdict: "commute",
    orders: [
      { order: [one.head, other.head], ok: true },
      { order: [other.head, one.head], ok: true },
    ],
    skipped: true,
  };
}

async function proveGroups(
  forks: readonly Fork[],
  pairs: ReadonlyMap<Fork, PairProof>,
  branchOf: (fork: Fork, index: 0 | 1) => Branch,
  bench: Bench,
  { exact, onEvent }: Pick<ProveCommuteOptions, "exact" | "onEvent">,
): Promise<readonly GroupProof[]> {
  const branches = [...new Set(forks.flatMap((fork) => [branchOf(fork, 0), branchOf(fork, 1)]))];
  const proofOf = (one: Branch, other: Branch): PairProof | undefined => {
    const fork = forks.find((each) => {
      const pair = [branchOf(each, 0), branchOf(each, 1)];
      return pair.includes(one) && pair.includes(other);
    });
    return fork === undefined ? undefined : pairs.get(fork);
  };
  const groups: GroupProof[] = [];
  for (const group of connected(branches, (one, other) => proofOf(one, other)?.skipped !== true)) {
    if (group.length < 3 || !(exact === true || (exact === undefined && needsExactness(group)))) continue;
    // What a pair tells already need not be looked for again.
    const isPairwise = group.every((one) =>
      group.every((other) => one === other || proofOf(one, other)?.verdict === "commute"),
    );
    if (!isPairwise) continue;
    onEvent?.({ kind: "group", heads: group.map(({ head }) => head) });
    const alone = await Promise.all(group.map(async (branch) => await bench.alone(branch)));
    groups.push(await judgeGroup(group, bench.ground, bench.run, bench.emptiedFor(alone)));
  }
  return groups;
}

/** Each order on a copy of its own, with commits: for what cannot run in a transaction. */
async function judgeOnCopies(
  pair: readonly [Branch, Branch],
  ground: Ground,
  signal: AbortSignal | undefined,
): Promise<PairProof> {
  const run: RunAgain = async (order, options) => await tryOrderOnCopy(ground, order, { ...options, signal });
  const { proof } = await judgePair(pair, { ground, run, withoutRows: [] });
  if (proof.verdict !== "conflict" || ground.filled.length === 0) return proof;
  // Whether the rows that were made up are to blame is seen without them.
  const { proof: bare } = await judgePair(pair, { ground, run, withoutRows: ground.filled });
  return bare.verdict === "conflict" ? bare : { ...bare, withoutRows: ground.filled };
}
