/**
 * Puts in order what Alembic prints in no stable order (labels, the children of a branch point), and shows paths as
 * Wellhead does: Alembic's are absolute, and it shows its own URL.
 */
export function comparableOutput(output: string, folder: string): readonly string[] {
  const lines = output
    .split("\n")
    .filter((line) => !line.startsWith("Current revision(s) for "))
    .map((line) => line.replace(`Path: ${folder}/`, "Path: "))
    .map((line) => line.replace(/ \((\w+(?:, \w+)+)\)/, (_, list: string) => ` (${sortedList(list)})`))
    .map((line) =>
      line.replace(/^(Branch.*: )(.*)$/, (_, name: string, list: string) => name + sortedList(list)),
    );
  return withChildrenInOrder(lines);
}

/** The revisions in the order of their text: `current` knows no other. */
export function inAnyOrder(paragraphs: readonly string[]): readonly string[] {
  const text = paragraphs.join("\n\n");
  return text.split(text.includes("Rev: ") ? /^(?=Rev: )/m : "\n").toSorted();
}

function sortedList(list: string): string {
  return list.split(", ").toSorted().join(", ");
}

/** The lines ` -> child` under a branch point; a child's message can go on in the next lines. */
function withChildrenInOrder(lines: readonly string[]): readonly string[] {
  const isChild = (text: string): boolean => /^ +-> /.test(text);
  return lines
    .join("\n")
    .split("\n\n")
    .map((paragraph) => {
      const parts = paragraph.split(/\n(?= +-> )/);
      return [...parts.filter((part) => !isChild(part)), ...parts.filter(isChild).toSorted()].join("\n");
    });
}
