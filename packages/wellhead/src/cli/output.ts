import { stripVTControlCharacters, styleText } from "node:util";

/** Where a command's words go. `--json` leaves standard output to one document; `--quiet` leaves out what is said beside the answer. */
export interface Output {
  /** Said while it works, on standard output: progress and summaries. Nothing under `--json` or `--quiet`. */
  readonly info: (line: string) => void;
  /** Said to a person beside the answer, on standard error: warnings and notes. Not under `--quiet`. */
  readonly note: (line: string) => void;
  /** The answer for people, on standard output. Nothing under `--json`. */
  readonly answer: (lines: readonly string[]) => void;
  readonly json: (document: unknown) => void;
  readonly error: (lines: readonly string[]) => void;
  readonly isJson: boolean;
  readonly style: (format: Parameters<typeof styleText>[0], text: string) => string;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export interface OutputOptions {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly hasColor: boolean;
}

export function createOutput(
  { stdout, stderr }: Streams,
  { isJson, isQuiet, hasColor }: OutputOptions,
): Output {
  const out = (line: string): unknown => stdout.write(`${line}\n`);
  return {
    isJson,
    info: (line) => void (isJson || isQuiet || out(line)),
    note: (line) => void (isQuiet || stderr.write(`${line}\n`)),
    answer: (lines) => {
      if (!isJson) for (const line of lines) out(hasColor ? line : stripVTControlCharacters(line));
    },
    json: (document) => void (isJson && out(JSON.stringify(document, undefined, 2))),
    error: (lines) => {
      for (const line of lines) stderr.write(`${line}\n`);
    },
    style: (format, text) => (hasColor ? styleText(format, text, { validateStream: false }) : text),
  };
}

/** Colours only on a terminal, and only where nobody asked for none (https://no-color.org). */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  isRefused: boolean,
): boolean {
  if (isRefused || (env["NO_COLOR"] ?? "") !== "") return false;
  if ((env["FORCE_COLOR"] ?? "0") !== "0") return true;
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
