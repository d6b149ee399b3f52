import { readAllowance, type Allowance } from "../allowance.ts";
import { RevisionHeadError } from "../errors.ts";
import type { HeadLine } from "../head-line.ts";
import { readLockMode } from "../lock-mode.ts";

/** What a Python revision says in the words of a head of ours, for which Alembic has no variables. */
export interface PythonRemarks {
  readonly allows: readonly Allowance[];
  readonly irreversible: string | undefined;
}

/**
 * Reads the lines `# allow: …` and `# irreversible: …` that stand above the first function, and the same without `#` in
 * the docstring, where what cannot be meant for us is prose.
 *
 * @throws RevisionHeadError E_REVISION_HEAD for a comment that says too little
 */
export function readPythonRemarks(text: string, docstring: string, path: string): PythonRemarks {
  const comments = linesAboveFunctions(text).flatMap((line, index) => remarkIn(line, index + 1, /^#[#\s]*/u));
  const prose = docstring
    .split("\n")
    .flatMap((line) => remarkIn(line, 1, /^\s*/u))
    .filter(isMeant);
  const lines = [...comments, ...prose];
  const reason = lines.find(({ key }) => key === "irreversible");
  if (reason?.value === "") throw noReason(reason, path);
  return {
    allows: lines.filter(({ key }) => key === "allow").map((line) => readAllowance(line, path)),
    irreversible: reason?.value,
  };
}

function linesAboveFunctions(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/u);
  const first = lines.findIndex((line) => /^(?:async[ \t]+def|def|class)\b/u.test(line));
  return first === -1 ? lines : lines.slice(0, first);
}

function remarkIn(text: string, line: number, marker: RegExp): HeadLine[] {
  const [mark] = marker.exec(text) ?? [];
  const found =
    mark === undefined ? null : /^(allow|irreversible)\s*:\s*(.*)$/iu.exec(text.slice(mark.length).trim());
  if (found === null) return [];
  return [
    { key: found[1]?.toLowerCase() === "allow" ? "allow" : "irreversible", value: found[2] ?? "", line },
  ];
}

function isMeant({ key, value }: HeadLine): boolean {
  if (key === "irreversible") return value !== "";
  const [, what = ""] = /^(.*?)\s+on\s.*\bbecause\s+\S/iu.exec(value) ?? [];
  return /^failing$/iu.test(what) || readLockMode(what) !== undefined;
}

function noReason({ line }: HeadLine, path: string): RevisionHeadError {
  return new RevisionHeadError(
    { path, line },
    "",
    "`irreversible` gives no reason.",
    "say why there is no way back (`# irreversible: the column's values are gone`), or leave the line out",
  );
}
