/**
 * The name that a mistyped one most probably means, or undefined when none is near. A name counts as near when it takes
 * at most one change for every three characters: one inserted, left out, replaced, or swapped with its neighbour. The
 * first in order wins a tie.
 */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let limit = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (name === wanted || Math.abs(name.length - wanted.length) >= limit) continue;
    const changes = changesBetween(wanted, name, limit);
    if (changes >= limit) continue;
    nearest = name;
    limit = changes;
  }
  return nearest;
}

/** How many changes make one text of the other; given up, as `limit`, once it cannot stay below the limit. */
function changesBetween(a: string, b: string, limit: number): number {
  const width = b.length + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: width }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column < width; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column - 1) + (isSame ? 0 : 1),
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        isSwapped ? at(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    if (Math.min(...current) >= limit) return limit;
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
