import { LOG_LEVELS } from "../logs.ts";
import { duration, flag, integer, oneOf, origins, text, token } from "./setting.ts";

/*
 * Every variable that the backend reads, in the order of docs/configuration.md and .env.example, which are made of
 * this table: `npx vitest run test/docs/configuration.test.ts -u` writes them anew.
 */

const DATABASE = {
  DATABASE_URL: text({
    allowed: "a Postgres URL, as the host hands it out",
    example: "postgresql://user:password@host:5432/database?sslmode=require",
    isSecret: true,
    meaning:
      "The database. Not set: libpq's variables (`PGHOST`, …), else an embedded Postgres in `.data/pglite`, but never in production.",
  }),
  MIGRATION_DATABASE_URL: text({
    allowed: "a Postgres URL",
    example: "postgresql://user:password@host:5432/database?sslmode=require",
    isSecret: true,
    meaning:
      "Where migrations connect, when `DATABASE_URL` is a pooler in transaction mode. Read as well: `DIRECT_URL`, `DATABASE_URL_UNPOOLED`, `POSTGRES_URL_NON_POOLING`.",
  }),
  DATABASE_CA_CERT: text({
    allowed: "a certificate in PEM",
    meaning: "The authority that the database's certificate is verified with, where it has its own.",
  }),
  ALLOW_EMBEDDED_DB: text({
    allowed: "1 or 0",
    default: "0",
    meaning: "Lets the embedded Postgres serve in production, for a disk that is really kept.",
  }),
  ALEMBIC_UPGRADE_TARGET: text({
    allowed: "`heads`, `head`, a label or the id of a revision",
    default: "heads",
    meaning: "What `scripts/start.sh` upgrades to, and what the database has to stand at for `/readyz`.",
  }),
  DB_POOL_SIZE: integer({
    default: 10,
    min: 1,
    max: 1000,
    meaning: "Connections to Postgres at most, of this process. The embedded Postgres has one.",
  }),
  DB_IDLE_TIMEOUT: duration({
    default: "30s",
    min: "1s",
    max: "1h",
    meaning:
      "How long a connection that nobody uses stays open; networks forget those that are silent for long.",
  }),
  DB_CONNECT_TIMEOUT: duration({
    default: "30s",
    min: "0s",
    max: "1h",
    meaning: "How long a database that does not answer is asked again at the start.",
  }),
  DB_TIMEOUT: duration({
    default: "10s",
    min: "100ms",
    max: "1h",
    meaning: "How long a request waits for a statement or a transaction before it is answered 503.",
  }),
} as const;

const SERVER = {
  NODE_ENV: text({
    allowed: "`production` or anything else",
    example: "production",
    meaning:
      "In `production` a database must be named, and `/docs`, `/debug` and `/metrics` do not exist unless the settings below say so.",
  }),
  PORT: integer({
    default: 8000,
    min: 0,
    max: 65_535,
    meaning: "Where the server listens; 0 takes any that is free.",
  }),
  SHUTDOWN_DELAY: duration({
    default: "0s",
    min: "0s",
    max: "5s",
    meaning:
      "How long `/readyz` says 503 after SIGTERM before the port closes, for balancers that ask now and then.",
  }),
  LOG_LEVEL: oneOf({
    choices: LOG_LEVELS,
    default: "info",
    meaning: "What is logged. `debug` adds the requests of probes.",
  }),
  TRUST_PROXY: integer({
    default: 0,
    min: 0,
    max: 10,
    meaning:
      "How many proxies stand in front. So many entries from the end of `X-Forwarded-For` are believed, and `X-Forwarded-Proto`; with 0 none.",
  }),
  ALLOWED_ORIGINS: origins({
    example: "https://app.example.com",
    meaning:
      "The web pages of other hosts that may call with cookies (CORS); none by default. The server's own pages need not be named.",
  }),
  UV_THREADPOOL_SIZE: text({
    allowed: "a whole number",
    example: "8",
    meaning:
      "Node's threads for hashes, names and files; `scripts/start.sh` sets it to the processors and 4 more.",
  }),
} as const;

const USERS = {
  PASSWORD_MIN_LENGTH: integer({
    default: 8,
    min: 8,
    max: 128,
    meaning:
      "The shortest password, in characters. NIST SP 800-63B-4 asks for 15 where there is no second factor.",
  }),
  PASSWORD_SCHEME: oneOf({
    choices: ["argon2id", "bcrypt"],
    default: "argon2id",
    meaning: "What new hashes are written in; `bcrypt` for a table that a Python service still shares.",
  }),
  HASH_QUEUE_LIMIT: integer({
    default: 256,
    min: 0,
    max: 100_000,
    meaning: "How many passwords may wait to be hashed; one more is answered 503 with Retry-After.",
  }),
  REGISTRATION_MODE: oneOf({
    choices: ["plain", "uniform"],
    default: "plain",
    meaning:
      "With `uniform` a known e-mail address gets the same 202 as a new one, instead of 409 and 201: nobody learns who is registered.",
  }),
  REGISTER_LIMIT_PER_ADDRESS: perHour({
    default: 60,
    meaning:
      "Registrations an hour from one IP address (of IPv6 one /64); 0 for no limit. Loopback is never limited: see `TRUST_PROXY`.",
  }),
  REGISTER_LIMIT_PER_EMAIL: perHour({
    default: 20,
    meaning: "Registrations an hour of one e-mail address; 0 for no limit.",
  }),
  LOGIN_LIMIT_PER_ADDRESS: perHour({
    default: 200,
    meaning: "Sign-ins an hour that may fail from one IP address; 0 for no limit. Loopback is never limited.",
  }),
  LOGIN_LIMIT_PER_ACCOUNT: perHour({
    default: 100,
    meaning:
      "Sign-ins an hour that may fail for one account, and a fifth of them from one IP address; 0 for no limit. Where its user is signed in only the fifth holds.",
  }),
  SESSION_LIFETIME: duration({
    default: "30d",
    min: "1m",
    max: "3650d",
    meaning: "How long somebody stays signed in at most.",
  }),
  SESSION_IDLE: duration({
    default: "7d",
    min: "1m",
    max: "3650d",
    meaning: "How long somebody stays signed in without sending a request.",
  }),
} as const;

const OPERATION = {
  DOCS_ENDPOINTS: flag({ meaning: "In production `/docs` and `/openapi.json` exist only with `1` here." }),
  METRICS_TOKEN: token({
    meaning:
      "The bearer token that `/metrics` (Prometheus) asks for. In production `/metrics` exists only with one here.",
  }),
  DEBUG_ENDPOINTS: flag({ meaning: "In production `/debug` exists only with `1` here and a `DEBUG_TOKEN`." }),
  DEBUG_TOKEN: token({ meaning: "The bearer token that `/debug` asks for in production." }),
} as const;

/** A number of times an hour. */
function perHour({ default: otherwise, meaning }: { readonly default: number; readonly meaning: string }) {
  return integer({ default: otherwise, min: 0, max: 1_000_000, meaning });
}

export const SECTIONS = {
  "The database": DATABASE,
  "The server": SERVER,
  Users: USERS,
  Operation: OPERATION,
} as const;

export const SETTINGS = { ...DATABASE, ...SERVER, ...USERS, ...OPERATION } as const;
