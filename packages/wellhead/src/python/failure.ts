import type { AlembicAnswer } from "./run-alembic.ts";

/** What can be said of Alembic's failure without showing more than it should. */
export interface AlembicFailure {
  /** The last line that it said. */
  readonly reason: string;
  readonly hint: string;
  /** The file of a revision that Python was in, and the line. */
  readonly frame: { readonly file: string; readonly line: number } | undefined;
}

/** Reads what Alembic said last. Passwords in it are left out. */
export function failureIn(
  { stdout, stderr, isTooLong }: AlembicAnswer,
  timeLimitMs: number,
  files: readonly string[],
): AlembicFailure {
  const lines = stderr.split(/\r?\n/u).filter((line) => line.trim() !== "");
  if (isTooLong) {
    return {
      reason: `it took longer than ${Math.round(timeLimitMs / 1000)} s`,
      hint: "see what env.py or a revision waits for: with --sql it must not ask a database",
      frame: undefined,
    };
  }
  const said = (lines.at(-1) ?? stdout.trim().split("\n").at(-1) ?? "").replace(
    /^(?:FAILED|ERROR \[[\w.]+\]):?\s*/u,
    "",
  );
  const frames = [...stderr.matchAll(/^ *File "([^"]+)", line (\d+)/gmu)];
  const frame = frames.findLast(([, file = ""]) => files.includes(file));
  return {
    reason: withoutPasswords(said) || "it says nothing",
    hint: hintFor(said, frame !== undefined),
    frame: frame === undefined ? undefined : { file: frame[1] ?? "", line: Number(frame[2]) },
  };
}

function hintFor(said: string, isInRevision: boolean): string {
  const isImport = /^(?:ModuleNotFoundError|ImportError)\b/u.test(said);
  if (isImport) return "call it in the environment that has what env.py and the revisions import";
  return isInRevision
    ? "`alembic upgrade --sql` runs it without a database: what it reads must not come from one, and data need types that can be written as SQL"
    : "see what `alembic upgrade heads --sql` says; env.py needs its branch for the offline mode";
}

function withoutPasswords(text: string): string {
  return text
    .replaceAll(/(\/\/[^\s:/@]*):[^\s@]*@/gu, "$1:***@")
    .replaceAll(/\b(password\s*=\s*)\S+/giu, "$1***");
}
