/** The place of a revision in the load order. All of this room counts in indexes; ids appear only at its edge. */
export type Index = number;

/**
 * For each revision a list of others, packed into two arrays: a walk over a hundred thousand revisions then stays in the
 * processor's cache. `of` gives a list; the inner loops run from `start` to `end` and read `target`.
 */
export class Edges {
  /** How many revisions there are. */
  readonly size: number;
  readonly #starts: Int32Array;
  readonly #targets: Int32Array;

  private constructor(starts: Int32Array, targets: Int32Array) {
    this.size = starts.length - 1;
    this.#starts = starts;
    this.#targets = targets;
  }

  /** @param fill adds, one after the other, those in the list of a revision; it is called for each in load order */
  static build(size: number, fill: (index: Index, add: (to: Index) => void) => void): Edges {
    const starts = new Int32Array(size + 1);
    const targets: Index[] = [];
    const add = (to: Index): void => void targets.push(to);
    for (let index = 0; index < size; index++) {
      fill(index, add);
      starts[index + 1] = targets.length;
    }
    return new Edges(starts, Int32Array.from(targets));
  }

  /** The list of a revision. */
  of(index: Index): Index[] {
    const list: Index[] = [];
    for (let place = this.start(index); place < this.end(index); place++) list.push(this.target(place));
    return list;
  }

  /** How long the list of a revision is. */
  count(index: Index): number {
    return this.end(index) - this.start(index);
  }

  /** The first of the list of a revision. */
  first(index: Index): Index | undefined {
    return this.count(index) === 0 ? undefined : this.target(this.start(index));
  }

  start(index: Index): number {
    return this.#starts[index] ?? 0;
  }

  end(index: Index): number {
    return this.#starts[index + 1] ?? 0;
  }

  target(place: number): Index {
    return this.#targets[place] ?? 0;
  }

  /** The same links from the other side: for each revision those that have it in their list, in load order, once. */
  reversed(): Edges {
    const starts = new Int32Array(this.size + 2);
    this.#eachOnce((_, to) => (starts[to + 2] = (starts[to + 2] ?? 0) + 1));
    for (let index = 2; index < starts.length; index++)
      starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0);
    const sources = new Int32Array(starts.at(-1) ?? 0);
    // Each start is one place too far to the right until its list is filled.
    this.#eachOnce((from, to) => {
      const place = starts[to + 1] ?? 0;
      sources[place] = from;
      starts[to + 1] = place + 1;
    });
    return new Edges(starts.subarray(0, this.size + 1), sources);
  }

  #eachOnce(visit: (from: Index, to: Index) => void): void {
    const lastFrom = new Int32Array(this.size).fill(-1);
    for (let from = 0; from < this.size; from++) {
      for (let place = this.start(from); place < this.end(from); place++) {
        const to = this.target(place);
        if (lastFrom[to] === from) continue;
        lastFrom[to] = from;
        visit(from, to);
      }
    }
  }
}
