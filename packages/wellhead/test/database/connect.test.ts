import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { freePort, type PostgresServer } from "../../../../test/support/postgres-server.ts";
import {
  canStartPostgres,
  createTestDatabase,
  describeOnPostgres,
  startPostgres,
} from "../../../../test/support/test-database.ts";
import {
  ConnectError,
  connectivityFailedLine,
  openDatabase,
  UnsupportedDialectError,
  type RetryEvent,
} from "../../src/database/index.ts";
import { pgTargetOf, targetOf } from "./pg-target.ts";
import { failure } from "./session-contract.ts";

const PASSWORD = "s3cret/🔑 with:odd@signs";

async function connectError(url: string, options: { connectTimeoutMs?: number } = {}): Promise<ConnectError> {
  const error = await failure(openDatabase(targetOf(url), { connectTimeoutMs: 0, ...options }));
  if (error instanceof ConnectError) return error;
  throw error;
}

/** A server that speaks in place of Postgres; gives its URL. */
async function listen(speak: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    speak(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `postgres://ada:hidden@127.0.0.1:${(server.address() as AddressInfo).port}/app`;
}

describe("a database that does not answer", () => {
  test("nobody listens: refused", async () => {
    const port = await freePort();
    const error = await connectError(`postgres://ada:hidden@127.0.0.1:${port}/app`);
    expect(error).toMatchObject({ code: "E_DB_CONNECT_REFUSED", mayHeal: true, attempts: 1 });
    expect(connectivityFailedLine(error)).toBe(
      `DB connectivity FAILED | connection refused by 127.0.0.1:${port} | hint: nothing listens there: start the server, or correct the host or the port`,
    );
  });

  test("a name that localhost's two addresses refuse is refused too", async () => {
    const error = await connectError(`postgres://ada:hidden@localhost:${await freePort()}/app`);
    expect(error.code).toBe("E_DB_CONNECT_REFUSED");
  });

  test("a name that nobody knows: name not found", async () => {
    const error = await connectError("postgres://ada:hidden@no-such-host.invalid/app");
    expect(error).toMatchObject({ code: "E_DB_CONNECT_NAME_NOT_FOUND", mayHeal: true });
    expect(error.reason).toContain("no-such-host.invalid");
  });

  test("a socket folder without a server: refused, and the socket named", async () => {
    const error = await connectError("postgres://ada@%2Fnowhere%2Fpg/app");
    expect(error.code).toBe("E_DB_CONNECT_REFUSED");
    expect(error.reason).toContain("/nowhere/pg/.s.PGSQL.5432");
  });

  test("a host that never says anything: timed out", async () => {
    const url = await listen(() => undefined);
    const begun = performance.now();
    const error = await connectError(`${url}?sslmode=disable&connect_timeout=2`);
    expect(error).toMatchObject({ code: "E_DB_CONNECT_TIMEOUT", mayHeal: true });
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  test("a proxy that hangs up: dropped", async () => {
    const url = await listen((socket) => void socket.destroy());
    expect((await connectError(`${url}?sslmode=disable`)).code).toBe("E_DB_CONNECT_DROPPED");
    expect((await connectError(`${url}?sslmode=require`)).code).toBe("E_DB_CONNECT_DROPPED");
  });

  test("a port that speaks something else: a failed handshake, not a wait", async () => {
    const url = await listen((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect((await connectError(`${url}?sslmode=require`)).code).toBe("E_DB_CONNECT_TLS");
  });

  test("it is tried again until the time is over, and every wait is told", async () => {
    const events: RetryEvent[] = [];
    const target = targetOf(`postgres://ada:hidden@127.0.0.1:${await freePort()}/app`);
    const begun = performance.now();
    const error = await failure(
      openDatabase(target, { connectTimeoutMs: 600, onRetry: (event) => events.push(event) }),
    );
    expect(performance.now() - begun).toBeGreaterThan(550);
    expect(events.length).toBeGreaterThan(2);
    expect(events.map((event) => event.attempt)).toEqual(events.map((_, index) => index + 1));
    expect(error).toMatchObject({ attempts: events.length + 1 });
    expect(connectivityFailedLine(error)).toContain(`(${events.length + 1} attempts in 0.`);
  });

  test("whoever no longer wants it can end the attempts", async () => {
    const target = targetOf(`postgres://ada:hidden@127.0.0.1:${await freePort()}/app`);
    const opening = openDatabase(target, { signal: AbortSignal.timeout(200) });
    expect(await failure(opening)).toMatchObject({ code: "E_DB_CONNECT_ABORTED" });
    const silent = targetOf(`${await listen(() => undefined)}?sslmode=disable`);
    expect(await failure(openDatabase(silent, { signal: AbortSignal.timeout(200) }))).toMatchObject({
      code: "E_DB_CONNECT_ABORTED",
    });
    expect(await failure(openDatabase(silent, { signal: AbortSignal.abort() }))).toMatchObject({
      code: "E_DB_CONNECT_ABORTED",
    });
  });
});

test("SQLite is recognised and refused, with the way out", async () => {
  const error = await failure(openDatabase(targetOf("sqlite:///./dev.db")));
  expect(error).toBeInstanceOf(UnsupportedDialectError);
  expect(error).toMatchObject({ code: "E_DB_UNSUPPORTED_DIALECT" });
  expect((error as UnsupportedDialectError).hint).toContain("embedded Postgres");
});

describe.skipIf(!canStartPostgres).each([15, 18])("a server of version %i that wants a password", (major) => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ major, password: PASSWORD, settings: { max_connections: "8" } });
  });
  afterAll(() => server?.stop());

  const urlWith = (change: { user?: string; password?: string | null; database?: string }) => {
    const { user = "postgres", password = PASSWORD, database = "postgres" } = change;
    const secret = password === null ? "" : `:${encodeURIComponent(password)}`;
    return `postgres://${user}${secret}@127.0.0.1:${server.port}/${database}`;
  };

  test("the right one is let in", async () => {
    const database = await openDatabase(targetOf(urlWith({})));
    await database.close();
  });

  test("a wrong one fails at once, and neither is shown", async () => {
    const error = await connectError(urlWith({ password: "wr0ng🔑" }), { connectTimeoutMs: 30_000 });
    expect(error).toMatchObject({ code: "E_DB_CONNECT_PASSWORD", mayHeal: false, attempts: 1 });
    const shown = `${error.message} ${error.hint} ${connectivityFailedLine(error)} ${JSON.stringify(error)}`;
    expect(shown).not.toContain("wr0ng");
    expect(shown).not.toContain("s3cret");
  });

  test("none is told from a wrong one, whatever PGPASSWORD says", async () => {
    process.env["PGPASSWORD"] = PASSWORD;
    try {
      const error = await connectError(urlWith({ password: null }));
      expect(error.code).toBe("E_DB_CONNECT_PASSWORD");
      expect(error.reason).toContain("none is given");
      expect((await connectError(urlWith({ password: "" }))).code).toBe("E_DB_CONNECT_PASSWORD");
    } finally {
      delete process.env["PGPASSWORD"];
    }
  });

  test("a database that is missing fails at once and is named", async () => {
    const error = await connectError(urlWith({ database: "no%20such" }), { connectTimeoutMs: 30_000 });
    expect(error).toMatchObject({
      code: "E_DB_CONNECT_DATABASE_MISSING",
      database: "no such",
      mayHeal: false,
    });
    expect(error.hint).toContain('CREATE DATABASE "no such"');
  });

  test("a role that may not log in fails at once", async () => {
    const admin = await openDatabase(targetOf(urlWith({})));
    await admin.withSession((s) => s.run(`CREATE ROLE reader NOLOGIN PASSWORD '${PASSWORD}'`));
    await admin.close();
    const error = await connectError(urlWith({ user: "reader" }), { connectTimeoutMs: 30_000 });
    expect(error).toMatchObject({ code: "E_DB_CONNECT_ROLE", mayHeal: false });
  });

  test("a role that may not enter the database fails at once", async () => {
    const admin = await openDatabase(targetOf(urlWith({})));
    await admin.withSession((s) => s.run(`CREATE ROLE guest LOGIN PASSWORD '${PASSWORD}'`));
    await admin.withSession((s) => s.run("CREATE DATABASE closed"));
    await admin.withSession((s) => s.run("REVOKE CONNECT ON DATABASE closed FROM PUBLIC"));
    await admin.close();
    const error = await connectError(urlWith({ user: "guest", database: "closed" }));
    expect(error).toMatchObject({ code: "E_DB_CONNECT_ROLE", mayHeal: false });
  });

  test("a server that is full is asked again, and answers when a session is free", async () => {
    const crowd = await openDatabase(targetOf(urlWith({})), { maxSessions: 20 });
    const leave = Promise.withResolvers<void>();
    const sessions: Promise<void>[] = [];
    for (let isFull = false; !isFull;) {
      const entered = Promise.withResolvers<void>();
      const stay = crowd.withSession(() => (entered.resolve(), leave.promise));
      sessions.push(stay);
      isFull = await Promise.race([
        entered.promise.then(() => false),
        stay.then(
          () => false,
          () => true,
        ),
      ]);
    }
    expect((await connectError(urlWith({}))).code).toBe("E_DB_CONNECT_TOO_MANY");
    const reasons: string[] = [];
    const database = await openDatabase(targetOf(urlWith({})), {
      onRetry: ({ reason }) => {
        reasons.push(reason);
        leave.resolve();
        void crowd.close();
      },
    });
    await database.close();
    await Promise.allSettled(sessions);
    expect(reasons[0]).toContain("too many connections");
  });
});

describe.skipIf(!canStartPostgres)("a server that starts late", () => {
  test("is waited for", async () => {
    const port = await freePort();
    const reasons: string[] = [];
    const opening = openDatabase(targetOf(`postgres://postgres@127.0.0.1:${port}/postgres`), {
      onRetry: ({ reason }) => reasons.push(reason),
    });
    const server = await startPostgres({ port });
    try {
      const database = await opening;
      expect(await database.withSession((s) => s.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
      await database.close();
      expect(reasons[0]).toBe(`connection refused by 127.0.0.1:${port}`);
    } finally {
      await server.stop();
    }
  });
});

describe.skipIf(!canStartPostgres)("a server that takes no sessions yet", () => {
  test("is asked again", async () => {
    const server = await startPostgres({ standby: "cold" });
    const error = await connectError(server.url(), { connectTimeoutMs: 300 });
    expect(error).toMatchObject({ code: "E_DB_CONNECT_STARTING_UP", mayHeal: true });
    expect(error.attempts).toBeGreaterThan(1);
    await server.stop();
  });
});

describeOnPostgres("a connection", (server) => {
  test("shows the application's name, and the URL's where it has one", async () => {
    const scratch = await createTestDatabase(server);
    const nameOf = async (url: string) => {
      const database = await openDatabase(targetOf(url), { applicationName: "given" });
      const [row] = await database.withSession((s) =>
        s.query("SELECT current_setting('application_name') AS name"),
      );
      await database.close();
      return row?.["name"];
    };
    expect(await nameOf(scratch.url)).toBe("given");
    expect(await nameOf(`${scratch.url}?application_name=api`)).toBe("api");
    await scratch.close();
  });

  test.each(["direct", "session", "transaction"] as const)(
    "in pool mode %s, everything happens in the schema that the URL names",
    async (poolMode) => {
      const scratch = await createTestDatabase(server);
      const plain = await openDatabase(targetOf(scratch.url));
      await plain.withSession((s) => s.run('CREATE SCHEMA "Tenant a"'));
      await plain.close();
      const database = await openDatabase(pgTargetOf(scratch.url, { schema: "Tenant a", poolMode }));
      await database.withSession(async (s) => {
        await s.run("CREATE TABLE a (n int)");
        await s.query("INSERT INTO a VALUES (1)");
        await s.run("BEGIN");
        await s.run("INSERT INTO a VALUES (2); INSERT INTO a VALUES (3)");
        await s.query("INSERT INTO a VALUES (4)");
        await s.run("COMMIT");
        expect(await s.queryArrays("SELECT count(*)::int FROM a")).toEqual([[4]]);
        const error = await failure(s.run("SELECT 1; SELECT missing FROM a"));
        expect(error).toMatchObject({
          sqlState: "42703",
          statementsDone: 1,
          position: "SELECT 1; SELECT m".length,
        });
        expect(await failure(s.query("SELECT missing FROM a"))).toMatchObject({
          sqlState: "42703",
          position: 8,
        });
        expect(await s.query("SELECT to_regclass('a')::text AS name")).toEqual([{ name: "a" }]);
      });
      await database.transaction((s) => s.query("INSERT INTO a VALUES (5)"));
      const [row] = await database.withSession((s) =>
        s.query(
          `SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'a'`,
        ),
      );
      expect(row).toEqual({ nspname: "Tenant a" });
      await database.close();
      await scratch.close();
    },
  );

  test("takes the options that the URL names, with a search path of several schemas", async () => {
    const scratch = await createTestDatabase(server);
    const options = encodeURIComponent("-c search_path=a,public -c work_mem=5MB");
    const database = await openDatabase(targetOf(`${scratch.url}?options=${options}`));
    const [row] = await database.withSession((s) =>
      s.query("SELECT current_setting('search_path') AS path, current_setting('work_mem') AS mem"),
    );
    expect(row).toEqual({ path: "a,public", mem: "5MB" });
    await database.close();
    await scratch.close();
  });
});
