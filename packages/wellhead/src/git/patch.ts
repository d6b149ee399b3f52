// A change of a text as `git apply` takes it.
// See https://git-scm.com/docs/diff-format

/** A file and how its text changes. */
export interface PatchedFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const CONTEXT = 3;

/** The patch of files whose texts differ; nothing of one whose text is the same. */
export function patchText(files: readonly PatchedFile[]): string {
  return files.map(filePatch).join("");
}

function filePatch({ path, before, after }: PatchedFile): string {
  if (before === after) return "";
  // A tab ends a name that holds a blank.
  const end = path.includes(" ") ? "\t" : "";
  const [one, other] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  return `diff --git ${one} ${other}\n--- ${one}${end}\n+++ ${other}${end}\n${hunk(linesOf(before), linesOf(after))}`;
}

/** As git writes a name that would be read wrongly. */
function quoted(name: string): string {
  if (!/["\\\p{Cc}]/u.test(name)) return name;
  const octal = (sign: string): string => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`;
  return `"${name.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, octal)}"`;
}

/** One hunk from the first change to the last: a head is small. */
function hunk(before: readonly string[], after: readonly string[]): string {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let same = 0;
  const most = Math.min(before.length, after.length) - start;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  const from = Math.max(0, start - CONTEXT);
  const tail = Math.max(0, same - CONTEXT);
  const [old, young] = [before.slice(from, before.length - tail), after.slice(from, after.length - tail)];
  const header = `@@ -${range(from, old.length)} +${range(from, young.length)} @@\n`;
  return header + changes(old, young).map(written).join("");
}

function range(from: number, count: number): string {
  return `${count === 0 ? from : from + 1},${count}`;
}

type Change = readonly [sign: " " | "-" | "+", line: string];

/** The longest common lines as context, what else there is taken away and added. */
function changes(before: readonly string[], after: readonly string[]): Change[] {
  const length = lengths(before, after);
  const at = (i: number, j: number): number => length[i]?.[j] ?? 0;
  const found: Change[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, young] = [before[i], after[j]];
    if (old !== undefined && old === young) {
      found.push([" ", old]);
      i += 1;
      j += 1;
    } else if (old !== undefined && (young === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push(["-", old]);
      i += 1;
    } else if (young !== undefined) {
      found.push(["+", young]);
      j += 1;
    }
  }
  return found;
}

/** How many lines the rests from each pair of places have in common. */
function lengths(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const [row, next] = [table[i] ?? [], table[i + 1] ?? []];
      row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

function written([sign, line]: Change): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(/(?<=\n)/u);
}
