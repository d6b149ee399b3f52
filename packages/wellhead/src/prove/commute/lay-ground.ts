import type { Session } from "../../database/index.ts";
import { fillTables, type Scratch } from "../../scratch/index.ts";
import { SeedFailedError } from "../errors.ts";
import { onBase } from "../on-base.ts";
import type { ProofRevision } from "../proof-revision.ts";
import { commitRevision } from "../run-revision.ts";
import type { UnfilledTable } from "./commute-proof.ts";
import { surveyGround, type Ground } from "./ground.ts";
import { emptyTables } from "./seeded-rows.ts";
import type { Seed } from "./seed.ts";

/** A scratch database with common ancestors on it, which more can be added to. */
export class GroundLayer {
  readonly scratch: Scratch;
  readonly #seed: Seed | undefined;
  readonly #applied = new Set<string>();
  #filled: readonly string[] = [];
  #isSeeded = false;

  constructor(scratch: Scratch, seed: Seed | undefined) {
    this.scratch = scratch;
    this.#seed = seed;
  }

  /** Whether these revisions can be had by adding to what is there. */
  canBecome(revisions: readonly string[]): boolean {
    const wanted = new Set(revisions);
    return (
      !(this.#isSeeded && wanted.size > this.#applied.size) &&
      [...this.#applied].every((id) => wanted.has(id))
    );
  }

  /**
   * Runs what is missing of these revisions, each in a transaction of its own, and puts rows into the tables.
   *
   * @throws {ProofBaseError} `E_PROOF_BASE` when a revision fails
   * @throws {SeedFailedError} `E_SEED` when the project's own rows cannot be put in
   */
  async lay(
    session: Session,
    revisions: readonly ProofRevision[],
    signal?: AbortSignal,
  ): Promise<{ readonly ground: Ground; readonly unfilled: readonly UnfilledTable[] }> {
    await this.#takeRowsOut(session);
    for (const revision of revisions) {
      if (this.#applied.has(revision.revision)) continue;
      await onBase(async () => commitRevision(session, revision, { signal }));
      this.#applied.add(revision.revision);
    }
    const unfilled = await this.#putRowsIn(session);
    return { ground: await surveyGround(session, this.scratch, this.#filled), unfilled };
  }

  async #takeRowsOut(session: Session): Promise<void> {
    if (this.#filled.length === 0) return;
    await session.run("BEGIN");
    await emptyTables(session, this.#filled);
    await session.run("COMMIT");
    this.#filled = [];
  }

  async #putRowsIn(session: Session): Promise<readonly UnfilledTable[]> {
    if (this.#seed !== undefined) {
      if (!this.#isSeeded) await runSeed(session, this.#seed);
      this.#isSeeded = true;
      return [];
    }
    const { filled, unfilled } = await fillTables(session);
    this.#filled = filled;
    return unfilled;
  }
}

async function runSeed(session: Session, { path, text }: Seed): Promise<void> {
  try {
    await session.run(text);
    await session.run(session.resetSettings);
  } catch (error) {
    throw await SeedFailedError.of(path, text, error);
  }
}
