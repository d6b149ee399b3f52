import { stripVTControlCharacters, styleText } from "node:util";
import { createLiveLine, noLiveLine, type LiveLine } from "./live-line.ts";

/**
 * Where a command's words go. Under `--json` standard output has one document and nothing else, under
 * `--log-format json` one object a line; `--quiet` leaves out what is said beside the answer.
 */
export interface Output {
  /** Said while it works, on standard output: progress and summaries. For people only, and not under `--quiet`. */
  readonly info: (line: string) => void;
  /** Said to a person beside the answer, on standard error: warnings and notes. Not under `--quiet`. */
  readonly note: (line: string) => void;
  /** The answer for people, on standard output. */
  readonly answer: (lines: readonly string[]) => void;
  readonly json: (document: unknown) => void;
  /** One event as one line, under `--log-format json`. */
  readonly log: (line: LogLine) => void;
  readonly error: (lines: readonly string[]) => void;
  /** What goes on right now; on a terminal only. */
  readonly live: LiveLine;
  readonly format: OutputFormat;
  /** Whether standard output is a terminal, which shows more than plain words. */
  readonly isTerminal: boolean;
  readonly style: (format: Parameters<typeof styleText>[0], text: string) => string;
}

/** `text`: for people; `json`: one document; `log`: one object a line. */
export type OutputFormat = "text" | "json" | "log";

/** An event for a platform's logs; the time is added when it is written. */
export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly [fact: string]: unknown;
}

export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

interface Stream {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  /** How wide the terminal is. */
  readonly columns?: number;
}

export interface OutputOptions {
  readonly format: OutputFormat;
  readonly isQuiet: boolean;
  readonly hasColor: boolean;
  /** The terminal understands control characters. */
  readonly hasCursor: boolean;
}

export function createOutput(streams: Streams, options: OutputOptions): Output {
  const { stdout } = streams;
  const { format, isQuiet, hasColor, hasCursor } = options;
  const isTold = format === "text" && !isQuiet;
  const live = isTold && hasCursor ? createLiveLine(stdout) : noLiveLine;
  const write = (stream: Stream, line: string): void => live.aside(() => stream.write(`${line}\n`));
  return {
    format,
    isTerminal: hasCursor,
    live,
    info: (line) => void (isTold && write(stdout, line)),
    note: (line) => void (format !== "log" && !isQuiet && write(streams.stderr, line)),
    answer: (lines) => {
      if (format !== "text") return;
      for (const line of lines) write(stdout, hasColor ? line : stripVTControlCharacters(line));
    },
    json: (document) => void (format === "json" && write(stdout, JSON.stringify(document, rounded, 2))),
    log: (line) => {
      if (format === "log")
        write(stdout, JSON.stringify({ time: new Date().toISOString(), ...line }, rounded));
    },
    error: (lines) => {
      for (const line of lines) write(streams.stderr, line);
    },
    style: (format, text) => (hasColor ? styleText(format, text, { validateStream: false }) : text),
  };
}

/** Milliseconds to the microsecond: what a clock says beyond that is noise. */
function rounded(key: string, value: unknown): unknown {
  return key.endsWith("Ms") && typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
}

/** Colours only on a terminal, and only where nobody asked for none (https://no-color.org). */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  isRefused: boolean,
): boolean {
  if (isRefused || (env["NO_COLOR"] ?? "") !== "") return false;
  if ((env["FORCE_COLOR"] ?? "0") !== "0") return true;
  return hasCursor(stream, env);
}

/** Whether the stream is a terminal that understands control characters. */
export function hasCursor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
