import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  DatabaseClosedError,
  NestedSessionError,
  SessionReleasedError,
  StatementError,
  TransactionAbortedError,
  TransactionEndedError,
  ValueError,
  type Database,
  type OpenDatabaseOptions,
  type Session,
} from "../../src/database/index.ts";

/** Opens the database under test; every call opens the same one. */
export type Open = (options?: OpenDatabaseOptions) => Promise<Database>;

/** What every driver promises, with `maxSessions` 1: the tests of `Session` and `Database` as they stand in their comments. */
export function describeSessionContract(
  title: string,
  getOpen: () => Promise<{ open: Open; close(): Promise<void> }>,
) {
  describe(title, () => {
    let source: { open: Open; close(): Promise<void> };
    let database: Database;

    beforeAll(async () => {
      source = await getOpen();
      database = await source.open();
    });
    afterAll(async () => {
      await database?.close();
      await source?.close();
    });

    describe("query", () => {
      test("gives the rows by column name", async () => {
        const rows = await database.withSession((s) => s.query("SELECT 1 AS one, $1::text AS two", ["zwei"]));
        expect(rows).toEqual([{ one: 1, two: "zwei" }]);
      });

      test("gives no rows for a statement that returns none", async () => {
        expect(await database.withSession((s) => s.query("SET search_path TO DEFAULT"))).toEqual([]);
      });

      test("queryArrays keeps the order of the columns, and columns of one name", async () => {
        const rows = await database.withSession((s) =>
          s.queryArrays("SELECT 2 AS x, 1 AS x, $1::int AS y", [3]),
        );
        expect(rows).toEqual([[2, 1, 3]]);
      });

      test("takes one statement only", async () => {
        const error = await failure(database.withSession((s) => s.query("SELECT 1; SELECT 2")));
        expect(error).toMatchObject({ code: "E_STATEMENT", sqlState: "42601" });
      });

      test("a value that cannot be sent is an error of its own, and the session goes on", async () => {
        const circle: Record<string, unknown> = {};
        circle["self"] = circle;
        await database.withSession(async (s) => {
          expect(await failure(s.query("SELECT $1::jsonb", [circle]))).toBeInstanceOf(ValueError);
          expect(await s.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
        });
      });

      test("statements that are asked for together run one after the other", async () => {
        const answers = await database.withSession((s) =>
          Promise.all([1, 2, 3, 4, 5].map((n) => s.query<{ n: number }>("SELECT $1::int AS n", [n]))),
        );
        expect(answers.map(([row]) => row?.n)).toEqual([1, 2, 3, 4, 5]);
      });
    });

    describe("a statement that fails", () => {
      test("tells what Postgres tells, and where in the text", async () => {
        const sql = "SELECT '🙂' AS a, missing_column FROM pg_class";
        const error = await statementError(database.withSession((s) => s.query(sql)));
        expect(error.sqlState).toBe("42703");
        expect(error.reason).toBe('column "missing_column" does not exist');
        expect(error.message).toContain(error.reason);
        expect(sql.slice((error.position ?? 0) - 1)).toMatch(/^missing_column/);
        expect(error.statementsDone).toBe(0);
      });

      test("tells the table and the constraint, and keeps the row's values out of the message", async () => {
        const error = await statementError(
          database.withSession(async (s) => {
            await s.run("CREATE TEMP TABLE person (email text CONSTRAINT person_email_key UNIQUE)");
            await s.query("INSERT INTO person VALUES ($1), ($1)", ["ada@example.com"]);
          }),
        );
        expect(error).toMatchObject({ sqlState: "23505", table: "person", constraint: "person_email_key" });
        expect(error.detail).toContain("ada@example.com");
        expect(error.message).not.toContain("ada@example.com");
        expect(error.hint ?? "").not.toContain("ada@example.com");
      });

      test("passes Postgres' own hint on", async () => {
        const error = await statementError(
          database.withSession((s) => s.query("SELECT relnam FROM pg_class")),
        );
        expect(error.postgresHint).toContain("relname");
        expect(error.hint).toBe(error.postgresHint);
      });
    });

    describe("run", () => {
      test("runs many statements in one message", async () => {
        const rows = await database.withSession(async (s) => {
          await s.run(
            "CREATE TEMP TABLE many (n int); INSERT INTO many VALUES (1), (2);; SELECT * FROM many;",
          );
          return await s.query("SELECT sum(n)::int AS sum FROM many");
        });
        expect(rows).toEqual([{ sum: 3 }]);
      });

      test("takes an empty script and one of comments", async () => {
        await database.withSession(async (s) => {
          await s.run("");
          await s.run("-- nothing\n/* at all */;");
        });
      });

      test("tells how many statements were done before the one that failed, and where it is", async () => {
        const script = "SELECT 1;\nINSERT INTO nowhere VALUES (1);\nSELECT 2;";
        const error = await statementError(database.withSession((s) => s.run(script)));
        expect(error.statementsDone).toBe(1);
        expect(error.sqlState).toBe("42P01");
        expect(script.slice((error.position ?? 0) - 1)).toMatch(/^nowhere/);
      });

      test("a syntax error anywhere stops the script before its first statement", async () => {
        const error = await statementError(database.withSession((s) => s.run("SELECT 1; SELEC 2")));
        expect(error).toMatchObject({ sqlState: "42601", statementsDone: 0 });
      });

      test("outside a transaction a failure undoes the whole script", async () => {
        await database.withSession(async (s) => {
          await s.run("CREATE TEMP TABLE undone (n int)");
          await failure(s.run("INSERT INTO undone VALUES (1); SELECT 1/0"));
          expect(await s.query("SELECT * FROM undone")).toEqual([]);
        });
      });

      test("a statement that must stand alone stands alone", async () => {
        await database.withSession(async (s) => {
          await s.run("VACUUM");
          expect(await failure(s.run("SELECT 1; VACUUM"))).toMatchObject({ sqlState: "25001" });
        });
      });

      test.each([
        "COPY holes FROM stdin",
        "copy holes from stdin;\n1\n\\.\n",
        "SELECT 1; COPY holes FROM STDIN",
      ])("%j fails instead of waiting for data, and says what to write instead", async (script) => {
        await database.withSession(async (s) => {
          await s.run("CREATE TEMP TABLE IF NOT EXISTS holes (n int)");
          expect(await failure(s.run(script))).toBeInstanceOf(StatementError);
          const error = await statementError(s.query("COPY holes FROM stdin"));
          expect(error.hint).toContain("INSERT");
          expect(await s.query("SELECT * FROM holes")).toEqual([]);
        });
      });

      test("text that only looks like COPY FROM stdin is no reason to refuse", async () => {
        const rows = await database.withSession((s) => s.query("SELECT 'COPY t FROM stdin;' AS text"));
        expect(rows).toEqual([{ text: "COPY t FROM stdin;" }]);
      });
    });

    test("questions that nobody waited with are answered in their order", async () => {
      await database.withSession(async (s) => {
        const [, first, , second] = await Promise.all([
          s.run("BEGIN; CREATE TABLE asked (n int)"),
          s.query("SELECT count(*)::int AS n FROM asked"),
          s.run("INSERT INTO asked VALUES (1)"),
          s.query("SELECT count(*)::int AS n FROM asked"),
          s.run("ROLLBACK"),
        ]);
        expect([first, second]).toEqual([[{ n: 0 }], [{ n: 1 }]]);
      });
    });

    test("a refusal among them is told to who asked, and to those behind it in the transaction", async () => {
      await database.withSession(async (s) => {
        const answers = await Promise.allSettled([
          s.run("BEGIN"),
          s.query("SELECT 1 / 0"),
          s.run("SELECT 1"),
          s.query("SELECT 2 AS n"),
          s.run("ROLLBACK"),
          s.query("SELECT 3 AS n"),
        ]);
        expect(
          answers.map((answer) => (answer.status === "rejected" ? answer.reason.sqlState : "done")),
        ).toEqual(["done", "22012", "25P02", "25P02", "done", "done"]);
      });
    });

    describe("runAll", () => {
      const insert = (n: number): string => `INSERT INTO line VALUES (${n})`;
      const lines = Array.from({ length: 40 }, (_, n) => n);

      test.each([
        ["in a transaction", "BEGIN"],
        ["outside of one", ""],
      ])("runs all scripts in their order and tells of each, %s", async (_, begin) => {
        const told: number[] = [];
        await database.withSession(async (s) => {
          await s.run(`CREATE TEMP TABLE line (n int); ${begin}`);
          await s.runAll(lines.map(insert), (index) => told.push(index));
          expect(await s.query("SELECT array_agg(n) AS n FROM line")).toEqual([{ n: lines }]);
          await s.run("COMMIT; DROP TABLE line");
        });
        expect(told).toEqual(lines);
      });

      test.each([
        ["in a transaction", "BEGIN"],
        ["outside of one", ""],
      ])("asks a question behind the last, %s", async (_, begin) => {
        await database.withSession(async (s) => {
          await s.run(`CREATE TEMP TABLE line (n int); ${begin}`);
          const counted = "SELECT count(*)::int AS n FROM line";
          expect(await s.runAll(lines.map(insert), () => undefined, counted)).toEqual([{ n: lines.length }]);
          await s.run("COMMIT; DROP TABLE line");
        });
      });

      test.each([
        ["in a transaction", "BEGIN"],
        ["outside of one", ""],
      ])("throws the first failure, with its statement, and runs nothing after it, %s", async (_, begin) => {
        const told: number[] = [];
        const scripts = [insert(0), insert(1), `${insert(2)}; SELECT 1/0`, insert(3), "SELECT nonsense"];
        await database.withSession(async (s) => {
          await s.run(`CREATE TEMP TABLE line (n int); ${begin}`);
          const error = await statementError(s.runAll(scripts, (index) => told.push(index)));
          expect(error).toMatchObject({ sqlState: "22012", statementsDone: 1 });
          await s.run("ROLLBACK");
          const left = begin === "" ? [{ n: 0 }, { n: 1 }] : [];
          expect(await s.query("SELECT n FROM pg_temp.line").catch(() => [])).toEqual(left);
          await s.run("DROP TABLE IF EXISTS line");
        });
        expect(told).toEqual([0, 1]);
      });

      test("ends when it is told to, with nothing under way", async () => {
        const stop = new Error("that will do");
        await database.withSession(async (s) => {
          await s.run("BEGIN; CREATE TEMP TABLE line (n int)");
          const onDone = (index: number): void => {
            if (index === 2) throw stop;
          };
          expect(await failure(s.runAll(lines.map(insert), onDone))).toBe(stop);
          await s.run("ROLLBACK");
          expect(await s.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
        });
      });
    });

    describe("withSession", () => {
      test("a session left inside a transaction is thrown away, and the transaction with it", async () => {
        await database.withSession((s) => s.run("CREATE TABLE left_open (n int)"));
        await database.withSession((s) => s.run("BEGIN; INSERT INTO left_open VALUES (1)"));
        await database.withSession(async (s) => {
          expect(await s.query("SELECT * FROM left_open")).toEqual([]);
          await s.run("DROP TABLE left_open");
        });
      });

      test("so is one whose transaction has failed", async () => {
        await failure(database.withSession((s) => s.run("BEGIN; SELECT 1/0")));
        await database.withSession(async (s) => {
          expect(await s.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
        });
      });

      test("gives the session to one caller at a time, first come first served", async () => {
        const events: string[] = [];
        await Promise.all(
          ["a", "b", "c"].map((name) =>
            database.withSession(async (s) => {
              events.push(`${name} begins`);
              await s.query("SELECT 1");
              await sleep(5);
              events.push(`${name} ends`);
            }),
          ),
        );
        expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
      });

      test("transactions and single statements do not mix", async () => {
        await database.withSession((s) => s.run("CREATE TABLE mix (n int)"));
        const rolledBack = failure(
          database.transaction(async (s) => {
            await s.query("INSERT INTO mix VALUES (1)");
            await sleep(10);
            throw new Error("no");
          }),
        );
        const landed = database.withSession((s) => s.query("INSERT INTO mix VALUES (2)"));
        await Promise.all([rolledBack, landed]);
        await database.withSession(async (s) => {
          expect(await s.query("SELECT n FROM mix")).toEqual([{ n: 2 }]);
          await s.run("DROP TABLE mix");
        });
      });

      test("asking for the only session while holding it is an error, not a wait without end", async () => {
        const nested = database.withSession(() => database.transaction(async () => undefined));
        expect(await failure(nested)).toBeInstanceOf(NestedSessionError);
      });

      test("a session that was given back refuses", async () => {
        let kept: Session | undefined;
        await database.withSession(async (s) => {
          kept = s;
        });
        expect(await failure(kept!.query("SELECT 1"))).toBeInstanceOf(SessionReleasedError);
      });

      test("throws what the work throws", async () => {
        const own = new Error("own");
        expect(await failure(database.withSession(() => Promise.reject(own)))).toBe(own);
      });
    });

    describe("transaction", () => {
      test("commits what the work did, and gives its result", async () => {
        const result = await database.transaction(async (s) => {
          await s.run("CREATE TABLE committed (n int)");
          return "done";
        });
        expect(result).toBe("done");
        await database.withSession((s) => s.run("DROP TABLE committed"));
      });

      test("rolls back when the work throws, and throws the same", async () => {
        const own = new Error("own");
        const error = await failure(
          database.transaction(async (s) => {
            await s.run("CREATE TABLE never (n int)");
            throw own;
          }),
        );
        expect(error).toBe(own);
        const [row] = await database.withSession((s) => s.query("SELECT to_regclass('never') AS name"));
        expect(row).toEqual({ name: null });
      });

      test("a failed statement whose error was swallowed does not look like a commit", async () => {
        const error = await failure(
          database.transaction((s) => s.query("SELECT 1/0").catch(() => "swallowed")),
        );
        expect(error).toBeInstanceOf(TransactionAbortedError);
      });

      test("a constraint that is checked at COMMIT fails the transaction", async () => {
        await database.withSession((s) =>
          s.run("CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"),
        );
        const error = await statementError(
          database.transaction((s) => s.run("INSERT INTO late VALUES (1), (1)")),
        );
        expect(error.sqlState).toBe("23505");
        await database.withSession((s) => s.run("DROP TABLE late"));
      });

      test("work that commits by itself is told so", async () => {
        expect(await failure(database.transaction((s) => s.run("COMMIT")))).toBeInstanceOf(
          TransactionEndedError,
        );
      });
    });

    describe("write", () => {
      beforeAll(async () => {
        await database.withSession((s) =>
          s.run("CREATE TABLE written (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"),
        );
      });
      afterAll(async () => await database.withSession((s) => s.run("DROP TABLE written")));
      const written = async () =>
        (await database.withSession((s) => s.queryArrays("SELECT n FROM written ORDER BY n"))).flat();

      test("commits its statement, and gives the rows as lists", async () => {
        const rows = await database.write("INSERT INTO written VALUES ($1), ($2) RETURNING n, n", [1, 2]);
        expect(rows).toEqual([
          [1, 1],
          [2, 2],
        ]);
        expect(await written()).toEqual([1, 2]);
      });

      test("a statement that Postgres refuses leaves no transaction behind", async () => {
        const error = await statementError(
          database.write("INSERT INTO written VALUES ($1) RETURNING 1/0", [3]),
        );
        expect(error.sqlState).toBe("22012");
        expect((await statementError(database.write("INSERT INTO nowhere VALUES (1)"))).position).toBe(13);
        expect(await written()).toEqual([1, 2]);
      });

      test("a constraint that is checked at COMMIT fails it", async () => {
        const error = await statementError(database.write("INSERT INTO written VALUES ($1)", [1]));
        expect(error.sqlState).toBe("23505");
        expect(await written()).toEqual([1, 2]);
      });

      test("a value that cannot be sent fails it, and nothing is left open", async () => {
        const circle: Record<string, unknown> = {};
        circle["self"] = circle;
        expect(await failure(database.write("SELECT $1::jsonb", [circle]))).toBeInstanceOf(ValueError);
        expect(await written()).toEqual([1, 2]);
      });
    });

    describe("values", () => {
      test("have the same types whatever the driver", async () => {
        const [row] = await database.withSession((s) =>
          s.query(`SELECT true AS bool, 1::int2 AS int2, 2::int4 AS int4, 9007199254740993::int8 AS int8, 1.50::numeric AS numeric,
            0.5::float4 AS float4, 0.25::float8 AS float8, 'x'::text AS text, 'y'::varchar AS varchar, 'z'::char(2) AS char,
            '\\x00ff'::bytea AS bytea, '{"a":[1,null]}'::json AS json, '{"b":2}'::jsonb AS jsonb, NULL::int AS missing,
            '2025-08-12T11:02:02.5Z'::timestamptz AS timestamptz, '2025-08-12'::date AS date, '2025-08-12 11:02:02'::timestamp AS timestamp,
            '6f2c5b1e-7d3e-4a52-9d5b-0d6b7a0c9d11'::uuid AS uuid, ARRAY[1,2]::int[] AS ints, ARRAY['a','b,"c']::text[] AS texts,
            ARRAY[9007199254740993]::int8[] AS int8s, 26::oid AS oid, 'pg_class'::regclass AS regclass, '1 day'::interval::text AS span`),
        );
        expect(row).toEqual({
          bool: true,
          int2: 1,
          int4: 2,
          int8: "9007199254740993",
          numeric: "1.50",
          float4: 0.5,
          float8: 0.25,
          text: "x",
          varchar: "y",
          char: "z ",
          bytea: Buffer.from([0, 255]),
          json: { a: [1, null] },
          jsonb: { b: 2 },
          missing: null,
          timestamptz: new Date("2025-08-12T11:02:02.500Z"),
          date: new Date(2025, 7, 12),
          timestamp: new Date(2025, 7, 12, 11, 2, 2),
          uuid: "6f2c5b1e-7d3e-4a52-9d5b-0d6b7a0c9d11",
          ints: [1, 2],
          texts: ["a", 'b,"c'],
          int8s: ["9007199254740993"],
          oid: 26,
          regclass: "pg_class",
          span: "1 day",
        });
      });

      test("go in as they come out", async () => {
        const values = [
          true,
          7,
          "8",
          12.5,
          "text with ' and \\ and 🙂",
          new Date("2025-01-02T03:04:05.678Z"),
          Buffer.from("raw"),
          { a: 1 },
          null,
          ["x", "y"],
          9007199254740993n,
        ];
        const [row] = await database.withSession((s) =>
          s.queryArrays(
            "SELECT $1::bool, $2::int, $3::int8, $4::float8, $5::text, $6::timestamptz, $7::bytea, $8::jsonb, $9::int, $10::text[], $11::int8",
            values,
          ),
        );
        expect(row).toEqual([...values.slice(0, 10), "9007199254740993"]);
      });

      test("a NUL in a text is refused by Postgres, and the session goes on", async () => {
        await database.withSession(async (s) => {
          expect(await failure(s.query("SELECT $1::text", ["a\0b"]))).toMatchObject({ sqlState: "22021" });
          expect(await s.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
        });
      });

      test("large values travel whole", async () => {
        const text = "é".repeat(1_500_000);
        const [row] = await database.withSession((s) =>
          s.query<{ text: string }>("SELECT $1::text AS text", [text]),
        );
        expect(row?.text === text).toBe(true);
      });
    });

    describe("close", () => {
      test("waits for the session that is out, serves those who wait, and refuses whoever comes later", async () => {
        await database.close();
        const own = await source.open();
        const events: string[] = [];
        const slow = own.withSession(async (s) => {
          await sleep(20);
          await s.query("SELECT 1");
          events.push("worked");
        });
        const waiting = own.withSession(async () => events.push("waited"));
        const closed = own.close().then(() => events.push("closed"));
        expect(await failure(own.withSession(async () => undefined))).toBeInstanceOf(DatabaseClosedError);
        await Promise.all([slow, waiting, closed, own.close()]);
        expect(events).toEqual(["worked", "waited", "closed"]);
        database = await source.open();
      });
    });
  });
}

/** What a promise fails with; a promise that does not fail is the failure. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error;
  throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`);
}

async function statementError(promise: Promise<unknown>): Promise<StatementError> {
  const error = await failure(promise);
  if (error instanceof StatementError) return error;
  throw error;
}
