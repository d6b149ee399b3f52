import { coverOf } from "./cover.ts";
import type { Index } from "./edges.ts";
import { noLines } from "./lines.ts";
import type { Links } from "./links.ts";
import type { Marks } from "./reach.ts";
import { remaining } from "./remaining.ts";

/**
 * The revisions of `todo`, newest first, in the order in which Alembic lists and downgrades them. All of them have to be
 * reached from the tips without leaving `todo`.
 *
 * A line is followed down to its end before the next is taken up; the first parent of a merge point goes on with its
 * line, for each further parent a line is started at the right. Where a line comes to a revision that has revisions
 * after it still to be given, the leftmost line that leads there goes first. In the end the line to the left goes on.
 * Ties between tips go by load order.
 */
export function newestFirst(links: Links, todo: Marks, tips: readonly Index[]): Index[] {
  const left = remaining(links, todo);
  const cover = coverOf(links, left.all);
  const lines = noLines(links.size);
  const order: Index[] = [];

  function startLine(tip: Index): void {
    cover.arrive(tip, lines.start(tip));
  }

  /** Takes the tip of a line, and gives the line to go on with. */
  function takeTip(line: number): number | undefined {
    const tip = lines.tipOf(line);
    order.push(tip);
    for (const gone of left.take(tip)) cover.leave(gone);
    const parents = links.normalizedDown.of(tip);
    const [first, ...others] = parents.filter((parent) => left.isLeft(parent) && !lines.isTip(parent));
    if (first === undefined) return lines.end(line);
    lines.move(line, first);
    cover.arrive(first, line);
    for (const other of others) startLine(other);
    return line;
  }

  const starts = [...new Set(tips)].filter((tip) => todo[tip] === 1);
  for (const tip of starts.toSorted((a, b) => a - b)) startLine(tip);
  let line = lines.leftmost;
  while (line !== undefined) {
    const tip = lines.tipOf(line);
    line = left.isFree(tip) ? takeTip(line) : cover.lowestAbove(tip);
  }
  return order;
}
