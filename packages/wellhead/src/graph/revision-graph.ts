import { createRevision, mergeRevisions } from "./create.ts";
import { currentAt } from "./current.ts";
import { planDowngrade } from "./downgrade-plan.ts";
import type { Index } from "./edges.ts";
import { basesOf, headsOf, indexesWhere, realHeadsOf } from "./heads.ts";
import { history } from "./history.ts";
import { labelsAt } from "./labels.ts";
import { link } from "./link.ts";
import { declarationAt, idsAt, type Links } from "./links.ts";
import { lookUp } from "./lookup.ts";
import type {
  CreateOptions,
  HeadsOptions,
  HistoryOptions,
  MergeOptions,
  NewRevision,
  PlanDowngradeOptions,
  PlanStampOptions,
  Step,
  PlanUpgradeOptions,
  RebaseOptions,
  RebasePlan,
  ResolveOptions,
  StampStep,
} from "./plan.ts";
import { planRebase } from "./rebase.ts";
import type { Revision, RevisionId, RevisionInput } from "./revision.ts";
import { planStamp } from "./stamp-plan.ts";
import { placesOf } from "./target.ts";
import { planUpgrade } from "./upgrade-plan.ts";

/**
 * Revisions and how they build on each other, with Alembic's semantics. It never changes; every question is answered
 * from the revisions it was made of, and ties go by the order in which they were given.
 *
 * @example
 * const graph = RevisionGraph.of([
 *   { revision: "a1" },
 *   { revision: "b1", revises: ["a1"] },
 *   { revision: "c1", revises: ["a1"] },
 * ]);
 * graph.heads(); // ["b1", "c1"]
 * graph.planUpgrade({ from: [], to: "heads" }).map((step) => step.revision); // ["a1", "c1", "b1"]
 */
export class RevisionGraph {
  readonly #links: Links;

  private constructor(links: Links) {
    this.#links = links;
  }

  /**
   * Links revisions that are given in load order.
   *
   * @throws E_INVALID_REVISION_ID, E_DUPLICATE_REVISION, E_DUPLICATE_LABEL, E_MISSING_PARENT, E_MISSING_DEPENDENCY,
   * E_SELF_LOOP, E_DEPENDENCY_SELF_LOOP, E_CYCLE, E_DEPENDENCY_CYCLE
   */
  static of(revisions: Iterable<RevisionInput>): RevisionGraph {
    return new RevisionGraph(link([...revisions]));
  }

  /** How many revisions there are. */
  get size(): number {
    return this.#links.size;
  }

  /** Whether a revision has exactly this id. */
  has(id: string): boolean {
    return this.#links.indexOfId.has(id);
  }

  /** All revisions, in load order. */
  revisions(): Revision[] {
    return Array.from({ length: this.#links.size }, (_, index) => this.#at(index));
  }

  /** What nothing revises, in load order. */
  heads(options: HeadsOptions = {}): RevisionId[] {
    return this.#ids(options.resolveDependencies === true ? realHeadsOf(this.#links) : headsOf(this.#links));
  }

  /** What revises nothing, in load order. */
  bases(): RevisionId[] {
    return this.#ids(basesOf(this.#links));
  }

  /** What several revisions revise, in the order of the history. */
  branchPoints(): RevisionId[] {
    return this.#ids(history(this.#links, {}).filter((index) => this.#links.next.count(index) > 1));
  }

  /** What revises several revisions, in load order. */
  mergePoints(): RevisionId[] {
    return this.#ids(indexesWhere(this.#links, (index) => this.#links.down.count(index) > 1));
  }

  /** The labels that each revision carries, sorted: its own and those of its branches. Revisions without are left out. */
  labels(): Record<string, readonly string[]> {
    const entries = this.#links.declarations.map(
      ({ revision }, index) => [revision, labelsAt(this.#links, index)] as const,
    );
    return Object.fromEntries(entries.filter(([, labels]) => labels.length > 0));
  }

  /**
   * One revision by its id, a label, or the beginning of one.
   *
   * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION
   */
  get(id: string): Revision {
    return this.#at(lookUp(this.#links, id));
  }

  /**
   * Newest first, in Alembic's order.
   *
   * @throws as {@link resolve}, and E_RANGE_NOT_ANCESTOR, E_OVERLAPPING_REVISIONS
   */
  history(options: HistoryOptions = {}): RevisionId[] {
    return this.#ids(history(this.#links, options));
  }

  /**
   * What a database that stands at these versions shows as current, sorted: the versions, and revisions that are
   * applied and have no row because something that depends on them has one.
   *
   * @throws E_REVISION_NOT_FOUND
   */
  current(versions: readonly string[]): RevisionId[] {
    return this.#ids(currentAt(this.#links, versions)).toSorted();
  }

  /**
   * The revisions that a target stands for; an empty list for base. A walk `-N` may end at `"base"`, or beyond it (null).
   *
   * @throws E_REVISION_NOT_FOUND, E_AMBIGUOUS_REVISION, E_MULTIPLE_HEADS, E_AMBIGUOUS_WALK
   */
  resolve(target: string, options: ResolveOptions = {}): (RevisionId | "base" | null)[] {
    return placesOf(this.#links, target, options).map((place) =>
      typeof place === "number" ? declarationAt(this.#links, place).revision : place,
    );
  }

  /**
   * What to run, oldest first, for a database to have all of the target; an empty plan when it has.
   *
   * @throws as {@link resolve}, and E_INVALID_TARGET, E_OVERLAPPING_REVISIONS
   */
  planUpgrade(options: PlanUpgradeOptions): Step<"upgrade">[] {
    return planUpgrade(this.#links, options);
  }

  /**
   * What to take down, newest first, for a database to come back to the target; an empty plan when it stands there.
   *
   * @throws as {@link resolve}, and E_INVALID_TARGET, E_RANGE_NOT_ANCESTOR
   */
  planDowngrade(options: PlanDowngradeOptions): Step<"downgrade">[] {
    return planDowngrade(this.#links, options);
  }

  /**
   * How to set the versions to the targets without running anything.
   *
   * @throws as {@link resolve}, and E_OVERLAPPING_REVISIONS when a revision would stand beside its own ancestor
   */
  planStamp(options: PlanStampOptions): StampStep[] {
    return planStamp(this.#links, options);
  }

  /**
   * What a new revision has to declare.
   *
   * @throws as {@link resolve}, and E_NOT_A_HEAD, E_DUPLICATE_HEAD, E_DUPLICATE_LABEL, E_DUPLICATE_REVISION,
   * E_INVALID_REVISION_ID, E_REVISION_ID_TOO_LONG
   */
  create(options: CreateOptions = {}): NewRevision {
    return createRevision(this.#links, options);
  }

  /**
   * What a revision has to declare that merges these; targets such as `heads` are fine.
   *
   * @throws as {@link create}
   */
  merge(revisions: string | readonly string[], options: MergeOptions = {}): NewRevision {
    return mergeRevisions(this.#links, revisions, options);
  }

  /**
   * Which revisions need other down revisions for their lines to begin at a target.
   *
   * @throws as {@link resolve}, and E_INVALID_TARGET for a target that comes from one of the revisions
   */
  rebase(revisions: string | readonly string[], options: RebaseOptions): RebasePlan {
    return planRebase(this.#links, typeof revisions === "string" ? [revisions] : revisions, options);
  }

  #ids(indexes: readonly Index[]): RevisionId[] {
    return idsAt(this.#links, indexes);
  }

  #at(index: Index): Revision {
    const links = this.#links;
    const { revises: _revises, ...declared } = declarationAt(links, index);
    const down = links.down.of(index);
    const next = links.next.of(index);
    const allNext = links.allNext.of(index);
    return {
      ...declared,
      revises: this.#ids(down),
      isHead: next.length === 0,
      isRealHead: allNext.length === 0,
      isBase: down.length === 0,
      isBranchPoint: next.length > 1,
      isRealBranchPoint: allNext.length > 1,
      isMergePoint: down.length > 1,
      next: this.#ids(next),
      allNext: this.#ids(allNext),
      resolvedDependsOn: this.#ids(links.dependencies.of(index)),
      normalizedDown: this.#ids(links.normalizedDown.of(index)),
      branchLabels: labelsAt(links, index),
    };
  }
}
