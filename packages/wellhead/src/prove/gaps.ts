import type { RevisionFile } from "../revisions/index.ts";

type Parents = Pick<RevisionFile, "revision" | "revises" | "dependsOn">;

/**
 * Remembers what stands on a revision that is left out, because nobody knows what it runs: what fails there may fail for
 * want of it. Revisions are asked about in the order of a plan.
 */
export class Gaps {
  readonly #below: Map<string, string>;

  constructor(leftOut: Iterable<string>) {
    this.#below = new Map([...leftOut].map((revision) => [revision, revision]));
  }

  /** The revision below this one that is left out; undefined where none is. */
  below({ revision, revises, dependsOn }: Parents): string | undefined {
    const [below] = [...revises, ...dependsOn].flatMap((id) => this.#below.get(id) ?? []);
    if (below !== undefined) this.#below.set(revision, below);
    return below;
  }
}
