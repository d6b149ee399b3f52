import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";

import { Client } from "pg";

import type { PgTarget } from "../database-url/index.ts";
import {
  ConnectAbortedError,
  ConnectTimeoutError,
  type ConnectError,
  type Endpoint,
} from "./connect-errors.ts";
import { connectFailure, NoPasswordGiven } from "./connect-failure.ts";
import { PgConnection } from "./pg-connection.ts";
import { searchPathOf } from "./search-path.ts";
import { checkServerKind } from "./target-session-attributes.ts";
import { TlsError } from "./tls-errors.ts";
import { readTlsOptions } from "./tls-options.ts";

const KEEP_ALIVE_MS = 30_000;

/** What an attempt needs to know beside the target. */
export interface ConnectAttemptOptions {
  readonly applicationName: string;
  /** How long one server may take to answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One attempt to connect: the servers of the target in their order, until one takes us and suits. As in libpq the
 * next one is tried when a server cannot be reached, and not when it turns us away.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 * @throws {ConnectError} the last server's
 */
export async function connectPg(target: PgTarget, options: ConnectAttemptOptions): Promise<PgConnection> {
  const endpoints = target.hosts ?? [{ host: target.host, port: target.port }];
  const wanted = target.params?.targetSessionAttrs ?? "any";
  let failure: ConnectError | undefined;
  // prefer-standby asks for a standby first and then takes what there is.
  for (const attributes of wanted === "prefer-standby" ? (["standby", "any"] as const) : [wanted]) {
    for (const endpoint of endpoints) {
      try {
        const connection = await connectTo(endpoint, target, options);
        await checkServerKind(connection, attributes, endpoint);
        return connection;
      } catch (error) {
        failure = connectFailure(error, endpoint, target);
        if (!failure.mayHeal) throw failure;
      }
    }
  }
  throw failure ?? new Error("unreachable: a target names at least one server");
}

/** With TLS as the target says; once more without where that is allowed and the server has none. */
async function connectTo(
  endpoint: Endpoint,
  target: PgTarget,
  options: ConnectAttemptOptions,
): Promise<PgConnection> {
  const ssl = readTlsOptions(target, endpoint, options.env);
  try {
    return await connectWith(ssl, endpoint, target, options);
  } catch (error) {
    const hasNoTls = error instanceof TlsError && error.problem === "not-offered";
    if (!hasNoTls || target.sslFallback !== "plain") throw error;
    return await connectWith(false, endpoint, target, options);
  }
}

async function connectWith(
  ssl: false | ConnectionOptions,
  endpoint: Endpoint,
  target: PgTarget,
  { applicationName, timeoutMs, signal }: ConnectAttemptOptions,
): Promise<PgConnection> {
  const searchPath = searchPathOf(target);
  const client = new Client({
    ...endpoint,
    user: target.user ?? systemUser(),
    database: target.database,
    // A function, because pg takes an empty string for none, and would look for one in PGPASSWORD and ~/.pgpass.
    password: () => givenPassword(target),
    ssl,
    sslnegotiation: "postgres",
    enableChannelBinding: ["require", "prefer"].includes(target.params?.channelBinding ?? ""),
    application_name: target.params?.applicationName ?? applicationName,
    client_encoding: "utf8",
    keepAlive: true,
    pipeline: true,
    // A network that is gone without a word is noticed in a minute, not after the two hours of the system's default.
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    ...(searchPath.kind === "startup" && { options: searchPath.options }),
  });
  const connection = new PgConnection(client, searchPath);
  const cut = cutOff(client, timeoutMs, signal);
  try {
    await client.connect();
    if (searchPath.kind === "session") await connection.run(searchPath.statement);
    return connection;
  } catch (error) {
    client.connection.stream.destroy();
    if (signal?.aborted === true) throw new ConnectAbortedError(signal.reason);
    if (cut.timedOut()) throw new ConnectTimeoutError(endpoint, timeoutMs, error);
    throw connectFailure(error, endpoint, target);
  } finally {
    cut.cancel();
  }
}

/** libpq's default for the user. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no name belongs to.
    return "postgres";
  }
}

function givenPassword({ password }: PgTarget): string {
  if (password === null) throw new NoPasswordGiven();
  return password;
}

/** Ends the attempt when its time is over or nobody wants it any more. */
function cutOff(client: Client, timeoutMs: number, signal: AbortSignal | undefined) {
  let isOver = false;
  const end = () => client.connection.stream.destroy(new Error("the attempt was cut off"));
  const timer = setTimeout(() => {
    isOver = true;
    end();
  }, timeoutMs);
  if (signal?.aborted === true) end();
  signal?.addEventListener("abort", end);
  return {
    timedOut: () => isOver,
    cancel: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    },
  };
}
