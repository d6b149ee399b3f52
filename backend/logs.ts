import { pino, type DestinationStream, type Logger } from "pino";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of fields whose value never reaches a log, wherever they stand within two levels. */
const SECRETS: ReadonlySet<string> = new Set([
  "password",
  "hashed_password",
  "hashedPassword",
  "token",
  "access_token",
  "cookie",
  "authorization",
  "DATABASE_URL",
]);
const LEVELS_DEEP = 3;

/** The log: one JSON object a line, on standard output unless a stream is given. */
export function createLog(level: LogLevel, destination = standardOutput()): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => withoutSecrets(fields, LEVELS_DEEP),
    },
    serializers: { err: errorFacts },
  };
  return pino(options, destination);
}

/** Standard output. The lines of one turn of the event loop go in one write, of which each costs as much as a request's. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let lines = "";
  const flush = (): void => {
    const text = lines;
    lines = "";
    if (text !== "") output.write(text);
  };
  process.once("exit", flush);
  return {
    write: (line) => {
      if (lines === "") setImmediate(flush);
      lines += line;
    },
  };
}

/** Ours and not pino's `redact`, whose paths with wildcards cost a request more than all else about its lines. */
function withoutSecrets(fields: Record<string, unknown>, levels: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (SECRETS.has(name)) shown[name] = "[redacted]";
    else shown[name] = levels > 1 && isPlain(value) ? withoutSecrets(value, levels - 1) : value;
  }
  return shown;
}

/** Not an error, which has a serializer of its own, nor a list, whose entries have no names. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What goes on of an error's own fields: names and codes. */
const FACTS = ["code", "sqlState", "constraint", "schema", "table", "column", "syscall"] as const;

/**
 * An error for the log: its message, its stack, and of its fields those above. A database's error carries what it was
 * given as well (`detail: Key (email)=(…) already exists`, the parameters, the query), and that stays out.
 */
function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields = error as Error & Record<string, unknown>;
  return {
    type: error.name,
    message: error.message,
    ...Object.fromEntries(
      FACTS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
    ),
    stack: frames(error),
    ...(error.cause !== undefined && { cause: errorFacts(error.cause) }),
  };
}

/** The stack without its head, which is the message again. */
function frames(error: Error): readonly string[] {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .map((line) => line.slice(7));
}
