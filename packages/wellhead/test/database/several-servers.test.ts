import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { freePort, type PostgresServer } from "../../../../test/support/postgres-server.ts";
import { canStartPostgres, startPostgres } from "../../../../test/support/test-database.ts";
import {
  checkWritable,
  connectivityFailedLine,
  openDatabase,
  ReadOnlyError,
} from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";
import { failure } from "./session-contract.ts";

describe.skipIf(!canStartPostgres).each([15, 18])("a primary and a standby of version %i", (major) => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  let closedPort: number;
  beforeAll(async () => {
    primary = await startPostgres({ major });
    standby = await startPostgres({ major, standby: true });
    closedPort = await freePort();
  });
  afterAll(async () => {
    await primary?.stop();
    await standby?.stop();
  });

  const urlOf = (ports: readonly number[], query = "") =>
    `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(",")}/postgres${query}`;

  async function portOf(url: string): Promise<number> {
    const database = await openDatabase(targetOf(url), { connectTimeoutMs: 0 });
    try {
      const [row] = await database.withSession((s) =>
        s.query<{ port: number }>("SELECT current_setting('port')::int AS port"),
      );
      return row?.port ?? 0;
    } finally {
      await database.close();
    }
  }

  test("the servers are tried in their order", async () => {
    expect(await portOf(urlOf([standby.port, primary.port]))).toBe(standby.port);
    expect(await portOf(urlOf([closedPort, primary.port]))).toBe(primary.port);
  });

  test.each([
    ["read-write", "primary"],
    ["primary", "primary"],
    ["read-only", "standby"],
    ["standby", "standby"],
    ["prefer-standby", "standby"],
    ["any", "primary"],
  ] as const)(
    "target_session_attrs=%s finds the %s, wherever it stands in the list",
    async (wanted, kind) => {
      const expected = kind === "primary" ? primary.port : standby.port;
      expect(
        await portOf(urlOf([primary.port, closedPort, standby.port], `?target_session_attrs=${wanted}`)),
      ).toBe(expected);
      if (wanted === "any") return;
      expect(await portOf(urlOf([standby.port, primary.port], `?target_session_attrs=${wanted}`))).toBe(
        expected,
      );
    },
  );

  test("prefer-standby takes a primary where there is no standby", async () => {
    expect(await portOf(urlOf([closedPort, primary.port], "?target_session_attrs=prefer-standby"))).toBe(
      primary.port,
    );
  });

  test("a standby alone is not enough for read-write", async () => {
    const target = targetOf(urlOf([closedPort, standby.port], "?target_session_attrs=read-write"));
    const error = await failure(openDatabase(target, { connectTimeoutMs: 0 }));
    expect(error).toBeInstanceOf(ReadOnlyError);
    expect(connectivityFailedLine(error)).toContain(
      `DB connectivity FAILED | read-only standby at 127.0.0.1:${standby.port} | hint: connect to the primary`,
    );
  });

  test("a primary alone is not enough for standby", async () => {
    const target = targetOf(urlOf([primary.port], "?target_session_attrs=standby"));
    expect(await failure(openDatabase(target, { connectTimeoutMs: 0 }))).toMatchObject({
      code: "E_DB_CONNECT_SERVER_KIND",
    });
  });

  test("checkWritable tells a primary, a standby and a database that is set read-only", async () => {
    const ask = async (url: string) => {
      const database = await openDatabase(targetOf(url));
      const found = await database.withSession((session) => checkWritable(session));
      await database.close();
      return found;
    };
    expect(await ask(primary.url())).toEqual({ kind: "writable" });
    expect(await ask(standby.url())).toEqual({ kind: "standby" });
    const admin = await openDatabase(targetOf(primary.url()));
    await admin.withSession((s) => s.run("CREATE DATABASE frozen"));
    await admin.withSession((s) => s.run("ALTER DATABASE frozen SET default_transaction_read_only = on"));
    await admin.close();
    expect(await ask(primary.url("frozen"))).toEqual({ kind: "read-only" });
  });

  test("a unix socket is a way too", async () => {
    const url = `postgres://postgres@${encodeURIComponent(primary.socketFolder)}:${primary.port}/postgres?sslmode=require`;
    expect(await portOf(url)).toBe(primary.port);
  });
});
