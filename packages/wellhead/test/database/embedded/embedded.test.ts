import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { fillFolder, prepareFolder } from "../../../src/database/embedded/data-folder.ts";
import {
  EmbeddedFailedError,
  EmbeddedInUseError,
  openDatabase,
  type Database,
} from "../../../src/database/index.ts";
import { targetOf } from "../pg-target.ts";
import { failure } from "../session-contract.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { startChild } from "./child-process.ts";

async function open(baseFolder: string, url = "pglite:./data"): Promise<Database> {
  const database = await openDatabase(targetOf(url), { baseFolder });
  onTestFinished(() => database.close());
  return database;
}

describe("the embedded Postgres", () => {
  test("keeps what was committed in its folder, which hangs from the base folder", async () => {
    const base = temporaryFolder();
    const first = await open(base);
    await first.transaction((s) => s.run("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)"));
    await first.close();
    expect(statSync(join(base, "data")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(base, "data")).filter((name) => name.startsWith("wellhead"))).toEqual([]);
    const second = await open(base);
    expect(await second.withSession((s) => s.query("SELECT n FROM kept"))).toEqual([{ n: 7 }]);
  });

  test("makes missing folders above its own", async () => {
    const base = temporaryFolder();
    await open(base, "pglite:./deep/down/data");
    expect(existsSync(join(base, "deep/down/data/PG_VERSION"))).toBe(true);
  });

  test("works without a folder", async () => {
    const target = targetOf("pglite::memory:");
    const [one, two] = await Promise.all([openDatabase(target), openDatabase(target)]);
    await one.withSession((s) => s.run("CREATE TABLE t (n int)"));
    expect(await two.withSession((s) => s.query("SELECT to_regclass('t') AS t"))).toEqual([{ t: null }]);
    await Promise.all([one.close(), two.close()]);
  });

  test("a second open is refused, in this process and in another, and harms nothing", async () => {
    const base = temporaryFolder();
    const first = await open(base);
    await first.withSession((s) => s.run("CREATE TABLE t (n int)"));
    expect(await failure(openDatabase(targetOf("pglite:./data"), { baseFolder: base }))).toBeInstanceOf(
      EmbeddedInUseError,
    );
    const other = startChild("open", join(base, "data"));
    expect(JSON.parse(await other.nextLine())).toMatchObject({
      code: "E_DB_EMBEDDED_IN_USE",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await other.end();
    await first.withSession((s) => s.run("INSERT INTO t VALUES (1)"));
    await first.close();
    const third = startChild("open", join(base, "data"));
    expect(await third.nextLine()).toBe("open");
    await third.end();
  });

  test("of several that make the first start together one opens, and the others are told", async () => {
    const folder = join(temporaryFolder(), "data");
    const children = Array.from({ length: 3 }, () => startChild("open", folder));
    const lines = await Promise.all(children.map((child) => child.nextLine()));
    expect(lines.filter((line) => line === "open")).toHaveLength(1);
    expect(lines.filter((line) => line.includes("E_DB_EMBEDDED_IN_USE"))).toHaveLength(2);
    await Promise.all(children.map((child) => child.end()));
  });

  test("what was acknowledged is there after kill -9", async () => {
    const base = temporaryFolder();
    const child = startChild("write", join(base, "data"));
    while ((await child.nextLine()) !== "25");
    await child.kill();
    const acknowledged = Number(child.lines().at(-1));
    const database = await open(base);
    const rows = await database.withSession((s) => s.query<{ n: number }>("SELECT n FROM n ORDER BY n"));
    // One more may have been committed and not yet said.
    expect(rows.length - acknowledged).toBeOneOf([0, 1]);
    expect(rows.map((row) => row.n)).toEqual(rows.map((_, index) => index + 1));
  });

  test("a first start that was cut off is begun again", async () => {
    const folder = join(temporaryFolder(), "data");
    prepareFolder(folder);
    await fillFolder(folder);
    // What a kill in the middle leaves: the mark, some files, no PG_VERSION.
    rmSync(join(folder, "PG_VERSION"));
    rmSync(join(folder, "global"), { recursive: true });
    writeFileSync(join(folder, "wellhead.unfinished"), "");
    const database = await open(folder, "pglite:.");
    expect(await database.withSession((s) => s.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
    expect(existsSync(join(folder, "wellhead.unfinished"))).toBe(false);
  });

  test("an empty folder that is there already will do", async () => {
    const base = temporaryFolder();
    mkdirSync(join(base, "data"));
    await open(base);
  });

  test("a folder with other files in it is refused and left as it was", async () => {
    const base = temporaryFolder();
    writeFileSync(join(base, "notes.txt"), "mine");
    const error = await failure(open(base, "pglite:."));
    expect(error).toMatchObject({
      code: "E_DB_EMBEDDED_FOLDER",
      message: expect.stringContaining("notes.txt"),
    });
    expect(readdirSync(base)).toEqual(["notes.txt"]);
  });

  test("data of another major version is refused and left as it was", async () => {
    const base = temporaryFolder();
    writeFileSync(join(base, "PG_VERSION"), "17\n");
    expect(await failure(open(base, "pglite:."))).toMatchObject({ code: "E_DB_EMBEDDED_VERSION" });
    expect(readdirSync(base)).toEqual(["PG_VERSION"]);
  });

  test("a path through a file is refused with the system's reason", async () => {
    const base = temporaryFolder();
    writeFileSync(join(base, "file"), "");
    const error = await failure(open(base, "pglite:./file/data"));
    expect(error).toMatchObject({
      code: "E_DB_EMBEDDED_FOLDER",
      message: expect.stringContaining("ENOTDIR"),
    });
  });

  test("data that is damaged is an error with Postgres' own words, and the lock is given back", async () => {
    const base = temporaryFolder();
    await (await open(base)).close();
    const control = join(base, "data/global/pg_control");
    chmodSync(control, 0o600);
    writeFileSync(control, "damaged");
    const error = await failure(open(base));
    expect(error).toBeInstanceOf(EmbeddedFailedError);
    expect((error as Error).message).toMatch(/pg_control/);
    expect((error as Error).message.length).toBeLessThan(1_000);
    expect(readdirSync(join(base, "data"))).not.toContain("wellhead.lock");
  });

  test("what one caller leaves in the session is gone for the next, when it left a transaction open", async () => {
    const database = await open(temporaryFolder());
    await database.withSession((s) =>
      s.run("SET work_mem TO '1234kB'; CREATE TEMP TABLE mess (n int); BEGIN"),
    );
    const rows = await database.withSession((s) =>
      s.query("SELECT current_setting('work_mem') AS mem, to_regclass('mess') AS mess"),
    );
    expect(rows).toEqual([{ mem: "4MB", mess: null }]);
  });

  test("after a crash the next caller finds what was committed, and the session in order", async () => {
    const database = await open(temporaryFolder());
    await database.withSession((s) => s.run("CREATE TABLE t (n int); INSERT INTO t VALUES (1)"));
    const recursion = "CREATE FUNCTION f(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN f(n + 1); END'";
    await database.withSession((s) => s.run(recursion));
    const error = await failure(database.transaction((s) => s.run("INSERT INTO t VALUES (2); SELECT f(1)")));
    expect(error).toMatchObject({
      code: "E_DB_CONNECTION_LOST",
      message: expect.stringContaining("has crashed"),
    });
    expect((error as Error).message.length).toBeLessThan(200);
    expect(await database.withSession((s) => s.query("SELECT n FROM t"))).toEqual([{ n: 1 }]);
  });

  test("a crash in memory is not passed off as an empty database", async () => {
    const database = await openDatabase(targetOf("pglite::memory:"));
    onTestFinished(() => database.close());
    const deep = `SELECT ${"1 + ".repeat(20_000)}1`;
    expect(await failure(database.withSession((s) => s.query(deep)))).toMatchObject({
      code: "E_DB_CONNECTION_LOST",
    });
    expect(await failure(database.withSession((s) => s.query("SELECT 1")))).toBeInstanceOf(
      EmbeddedFailedError,
    );
  });
});
