/** A table of Markdown: the first column to the left, the others, which are figures, to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "--:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** A number without digits behind the point; a dash for none. */
export function whole(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : value.toFixed(0);
}

/** How many times the other it is, such as `1.43x`. */
export function times(value: number | undefined, other: number | undefined): string {
  return value === undefined || other === undefined ? "–" : `${(value / other).toFixed(2)}x`;
}
