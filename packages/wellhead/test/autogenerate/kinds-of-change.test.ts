import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  createTestDatabase,
  describeOnPostgres,
  type TestDatabase,
} from "../../../../test/support/test-database.ts";
import {
  generateChange,
  revisionSql,
  type GeneratedChange,
  type LeftToDo,
} from "../../src/autogenerate/index.ts";
import { openDatabase, type Database, type Session } from "../../src/database/index.ts";
import { differenceText, readSchema, wholeSchema, withinScope } from "../../src/schema/index.ts";
import { openScratch } from "../../src/scratch/index.ts";
import { targetOf } from "../database/pg-target.ts";
import { coveredKinds, kindsWithRows, uncoveredKinds, type KindOfChange } from "./kinds-of-change.ts";

const page = readFileSync(new URL("../../../../docs/autogenerate.md", import.meta.url), "utf8");

test("there are enough kinds, and docs/autogenerate.md names each where it belongs", () => {
  expect(coveredKinds.length).toBeGreaterThanOrEqual(45);
  const [, covered = "", rows = "", uncovered = ""] =
    /## What is covered\n([\s\S]*?)\n### On rows that are there\n([\s\S]*?)\n### Not covered\n([\s\S]*)/.exec(
      page,
    ) ?? [];
  expect(missing(covered, coveredKinds)).toEqual([]);
  expect(missing(rows, kindsWithRows)).toEqual([]);
  expect(missing(uncovered, uncoveredKinds)).toEqual([]);
});

function missing(text: string, kinds: readonly KindOfChange[]): string[] {
  return kinds.filter(({ name }) => !text.includes(`- ${name}\n`)).map(({ name }) => name);
}

/** All kinds at once, each in a schema of its own, so that one run proves them all. */
function together(kinds: readonly KindOfChange[], side: "there" | "wished"): string {
  return kinds
    .map((kind, index) =>
      kind.isGlobal === true
        ? `SET search_path = public; ${kind[side]};`
        : `CREATE SCHEMA s${index}; SET search_path = s${index}; ${kind[side]};`,
    )
    .join("\n");
}

const ROLE =
  "DO $$ BEGIN CREATE ROLE kinds_bob; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;";

async function change(session: Session, there: string, wished: string): Promise<GeneratedChange> {
  const make = (sql: string) => async (at: Session) => {
    await at.run(`${ROLE} ${sql}; RESET search_path`);
  };
  const generated = await generateChange(session, {
    produce: make(there),
    declare: make(wished),
    scope: () => wholeSchema,
    choose: async () => [],
  });
  if (generated === undefined) throw new Error("there is no difference");
  return generated;
}

/** What is left to do, in words, with the case that it is about. */
function leftIn({ parts }: GeneratedChange, kinds: readonly KindOfChange[]): string[] {
  const told = (left: LeftToDo): string =>
    left.kind === "schema"
      ? `${left.direction}: ${left.differences.map(differenceText).join("; ")}`
      : `${left.direction}: ${left.reason} in ${left.sql}`;
  return parts.flatMap(({ leftToDo }) =>
    leftToDo.map((left) =>
      told(left).replaceAll(/\bs(\d+)\b/g, (_, index) => `«${kinds[Number(index)]?.name}»`),
    ),
  );
}

/** Runs the SQL as it stands in the file, without any of what proved it: forward, and back. */
async function runsForwardAndBack(
  session: Session,
  there: string,
  wished: string,
  generated: GeneratedChange,
): Promise<void> {
  const schemaAfter = async (sql: string): Promise<string[]> => {
    await session.run(`SAVEPOINT one; ${ROLE} ${sql}; RESET search_path`);
    const schema = [...withinScope(await readSchema(session), wholeSchema).keys()];
    await session.run("ROLLBACK TO SAVEPOINT one");
    return schema;
  };
  const forward = generated.parts.map(({ upgrade }) => revisionSql(upgrade)).join("\n");
  const back = generated.parts
    .toReversed()
    .map(({ downgrade }) => revisionSql(downgrade))
    .join("\n");
  await session.run("BEGIN");
  try {
    expect(await schemaAfter(`${there}; RESET search_path; ${forward}`)).toEqual(await schemaAfter(wished));
    expect(await schemaAfter(`${there}; RESET search_path; ${forward}; ${back}`)).toEqual(
      await schemaAfter(there),
    );
  } finally {
    await session.run("ROLLBACK");
  }
}

function testKinds(getDatabase: () => Database, major: number): void {
  const kinds = coveredKinds.filter(({ since = 15 }) => major >= since);
  const within = async <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    getDatabase().withSession(work);

  test("all of them are proved, forward and back", async () => {
    const [there, wished] = [together(kinds, "there"), together(kinds, "wished")];
    await within(async (session) => {
      const forward = await change(session, there, wished);
      expect(leftIn(forward, kinds)).toEqual([]);
      expect(
        forward.parts.flatMap(({ unfilled }) => unfilled.filter(({ reason }) => !/partition/.test(reason))),
      ).toEqual([]);
      await runsForwardAndBack(session, there, wished, forward);
      // Not every value of a wide type fits a narrow one: that is left to a person.
      const back = await change(session, wished, there);
      expect(leftIn(back, kinds).map((left) => /integer out of range/.test(left))).toEqual([true]);
    });
  }, 120_000);
}

describe("kinds of change on the embedded Postgres", () => {
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const scratch = await openScratch({ extensions: ["pg_trgm"] });
    database = scratch.database;
    close = async () => scratch.close();
  });
  afterAll(async () => await close?.());
  testKinds(() => database, 18);

  test.each(kindsWithRows)(
    "$name: written, proved without rows, and the rows left to a person",
    async ({ there, wished }) => {
      const generated = await database.withSession((session) => change(session, there, wished));
      const left = generated.parts.flatMap(({ leftToDo }) => leftToDo);
      expect(left.map((each) => each.kind)).toEqual(["rows"]);
      expect(revisionSql(generated.parts.at(-1)?.upgrade ?? [])).toContain("-- to be written: ");
    },
  );

  test.each(uncoveredKinds)("$name: told as not covered", async ({ there, wished }) => {
    const generated = await database.withSession((session) => change(session, there, wished));
    expect(generated.parts.every(({ isProved }) => isProved)).toBe(false);
  });
});

describeOnPostgres("kinds of change on a server", (server) => {
  let database: Database;
  let own: TestDatabase;
  beforeAll(async () => {
    own = await createTestDatabase(server);
    database = await openDatabase(targetOf(own.url));
  });
  afterAll(async () => {
    await database?.close();
    await own?.close();
  });
  testKinds(() => database, server.major);
});
