/** `1 revision`, `2 revisions`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A message in a list: the first paragraph of a Python docstring can have several lines. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** A duration for people: `12 ms`, `3.4 s`. */
export function milliseconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function versionList(versions: readonly string[]): string {
  return versions.length === 0 ? "base" : versions.join(", ");
}

/** The revisions among what a target resolves to: a walk that ends at base or off the end names none. */
export function revisionsAmong(resolved: readonly (string | null)[]): string[] {
  return resolved.filter((id): id is string => id !== null && id !== "base");
}

/** Rows of cells as lines, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
