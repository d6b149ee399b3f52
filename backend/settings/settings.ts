import { availableParallelism } from "node:os";
import { parseDatabaseUrl, WellheadError, type DatabaseTarget } from "wellhead";
import type { Access, AppOptions } from "../app.ts";
import type { LogLevel } from "../logs.ts";
import { SettingsError } from "./errors.ts";
import { readValues, type Environment, type Values } from "./values.ts";

/** What the environment says, checked. */
export interface Settings extends Pick<
  AppOptions,
  | "allowedOrigins"
  | "databaseTimeoutMs"
  | "debug"
  | "docs"
  | "hashQueue"
  | "metrics"
  | "passwords"
  | "registration"
  | "sessions"
  | "signInLimits"
  | "trustProxy"
> {
  readonly databaseTarget: DatabaseTarget;
  /** How long a database that does not answer at the start is asked again. */
  readonly connectTimeoutMs: number;
  /** Connections to Postgres at most. */
  readonly poolSize: number;
  /** How long a connection that nobody uses stays open. */
  readonly idleTimeoutMs: number;
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

/**
 * Reads the settings of the backend; a variable that is empty counts as not set.
 *
 * @throws {SettingsError} `E_SETTINGS`, with every mistake. A value is shown unless it may be a secret.
 */
export function readSettings(env: Environment): Settings {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const databaseTarget = readDatabaseTarget(env, mistakes);
  const values = readValues(env, mistakes);
  const settings = {
    connectTimeoutMs: values.DB_CONNECT_TIMEOUT,
    idleTimeoutMs: values.DB_IDLE_TIMEOUT,
    poolSize: values.DB_POOL_SIZE,
    upgradeTarget: values.ALEMBIC_UPGRADE_TARGET,
    port: values.PORT,
    shutdownDelayMs: values.SHUTDOWN_DELAY,
    logLevel: values.LOG_LEVEL,
    passwords: { minLength: values.PASSWORD_MIN_LENGTH, scheme: values.PASSWORD_SCHEME },
    hashQueue: { concurrency: availableParallelism(), maxWaiting: values.HASH_QUEUE_LIMIT },
    databaseTimeoutMs: values.DB_TIMEOUT,
    registration: {
      mode: values.REGISTRATION_MODE,
      perAddress: values.REGISTER_LIMIT_PER_ADDRESS,
      perEmail: values.REGISTER_LIMIT_PER_EMAIL,
    },
    sessions: { lifetimeMs: values.SESSION_LIFETIME, idleMs: values.SESSION_IDLE },
    signInLimits: {
      perAddress: values.LOGIN_LIMIT_PER_ADDRESS,
      perAccount: values.LOGIN_LIMIT_PER_ACCOUNT,
    },
    trustProxy: values.TRUST_PROXY,
    allowedOrigins: values.ALLOWED_ORIGINS,
    debug: readDebug(values, warnings),
    metrics: readMetrics(values),
    docs: values.NODE_ENV !== "production" || values.DOCS_ENDPOINTS,
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
function readDebug(values: Values, warnings: string[]): Access {
  const { DEBUG_ENDPOINTS: isSwitchedOn, DEBUG_TOKEN: token } = values;
  if (values.NODE_ENV !== "production") return { kind: "open" };
  if (!isSwitchedOn) return { kind: "off" };
  if (token !== undefined) return { kind: "token", token };
  warnings.push("DEBUG_ENDPOINTS=1 needs DEBUG_TOKEN in production: /debug stays off");
  return { kind: "off" };
}

/** A token guards `/metrics` wherever there is one; in production there must be. */
function readMetrics({ METRICS_TOKEN: token, NODE_ENV }: Values): Access {
  if (token !== undefined) return { kind: "token", token };
  return { kind: NODE_ENV === "production" ? "off" : "open" };
}
