import { availableParallelism } from "node:os";
import { parseDatabaseUrl, WellheadError, type DatabaseTarget } from "wellhead";
import type { AppOptions } from "./app.ts";
import { LOG_LEVELS, type LogLevel } from "./logs.ts";

/** What the environment says, checked. */
export interface Settings extends Pick<
  AppOptions,
  "allowedOrigins" | "debug" | "hashQueue" | "passwords" | "trustProxy"
> {
  readonly databaseTarget: DatabaseTarget;
  /** How long a database that does not answer at the start is asked again. */
  readonly connectTimeoutMs: number;
  /** Connections to Postgres at most. */
  readonly poolSize: number;
  /** What the database has to stand at to be ready. */
  readonly upgradeTarget: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** How long `/readyz` says 503 before the port closes. */
  readonly shutdownDelayMs: number;
  readonly logLevel: LogLevel;
  /** What is odd and does not stop the start. */
  readonly warnings: readonly string[];
}

/** The environment has mistakes: all of them. */
export class SettingsError extends WellheadError {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      "E_SETTINGS",
      ["The environment has mistakes:", ...mistakes.map((mistake) => `  ${mistake}`)].join("\n"),
      {
        hint: ".env.example names every variable and its default",
      },
    );
    this.mistakes = mistakes;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of the backend; a variable that is empty counts as not set.
 *
 * @throws {SettingsError} `E_SETTINGS`, with every mistake. A value is shown unless it may be a secret.
 */
export function readSettings(env: Environment): Settings {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const { integer, oneOf } = reader(env, mistakes);
  const databaseTarget = readDatabaseTarget(env, mistakes);
  const settings = {
    connectTimeoutMs: integer("DB_CONNECT_TIMEOUT", { default: 30, min: 0, max: 3600 }) * 1000,
    poolSize: integer("DB_POOL_SIZE", { default: 10, min: 1, max: 1000 }),
    upgradeTarget: env["ALEMBIC_UPGRADE_TARGET"] || "heads",
    port: integer("PORT", { default: 8000, min: 0, max: 65_535 }),
    shutdownDelayMs: integer("SHUTDOWN_DELAY", { default: 0, min: 0, max: 5 }) * 1000,
    logLevel: oneOf("LOG_LEVEL", LOG_LEVELS, "info"),
    passwords: {
      minLength: integer("PASSWORD_MIN_LENGTH", { default: 8, min: 8, max: 128 }),
      scheme: oneOf("PASSWORD_SCHEME", ["argon2id", "bcrypt"] as const, "argon2id"),
    },
    hashQueue: {
      concurrency: availableParallelism(),
      maxWaiting: integer("HASH_QUEUE_LIMIT", { default: 256, min: 0, max: 100_000 }),
    },
    trustProxy: integer("TRUST_PROXY", { default: 0, min: 0, max: 10 }),
    allowedOrigins: [],
    debug: readDebug(env, warnings, oneOf("DEBUG_ENDPOINTS", ["0", "1"] as const, "0") === "1"),
  };
  if (databaseTarget === undefined || mistakes.length > 0) throw new SettingsError(mistakes);
  return { ...settings, databaseTarget, warnings };
}

function readDatabaseTarget(env: Environment, mistakes: string[]): DatabaseTarget | undefined {
  try {
    return parseDatabaseUrl(env);
  } catch (error) {
    if (!(error instanceof WellheadError)) throw error;
    mistakes.push(error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
    return undefined;
  }
}

/** In production `/debug` is only there when it is switched on and guarded; without the guard it stays off. */
function readDebug(env: Environment, warnings: string[], isSwitchedOn: boolean): AppOptions["debug"] {
  if (env["NODE_ENV"] !== "production") return { kind: "open" };
  if (!isSwitchedOn) return { kind: "off" };
  const token = env["DEBUG_TOKEN"] || undefined;
  if (token !== undefined) return { kind: "token", token };
  warnings.push("DEBUG_ENDPOINTS=1 needs DEBUG_TOKEN in production: /debug stays off");
  return { kind: "off" };
}

interface Range {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** Readers of single variables, which note a mistake and go on with the default. */
function reader(env: Environment, mistakes: string[]) {
  return {
    integer: (name: string, range: Range): number => {
      const text = env[name]?.trim() || String(range.default);
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= range.min && value <= range.max) return value;
      mistakes.push(
        `${name} must be a whole number from ${range.min} to ${range.max}, not ${JSON.stringify(text)}`,
      );
      return range.default;
    },
    oneOf: <T extends string>(name: string, choices: readonly T[], otherwise: T): T => {
      const text = env[name]?.trim() || otherwise;
      const choice = choices.find((candidate) => candidate === text);
      if (choice !== undefined) return choice;
      mistakes.push(`${name} must be one of ${choices.join(", ")}, not ${JSON.stringify(text)}`);
      return otherwise;
    },
  };
}
