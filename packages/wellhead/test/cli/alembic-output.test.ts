import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import {
  readCases,
  type Answer,
  type Case,
  type FixtureRevision,
  type Query,
} from "../graph/alembic-fixtures.ts";

interface CliQuery extends Query {
  readonly argv: readonly string[];
}

/**
 * Left out: `ensure_version` is no command of ours, and two revisions with one id are an error everywhere, whatever
 * Alembic makes of them.
 */
const isCompared = (query: CliQuery, { name }: Case): boolean =>
  query.argv[0] !== "ensure_version" && name !== "duplicate_revision";

const cases = ["handmade", "random"].flatMap((prefix) => readCases(prefix));

let database: TestDatabase;
let client: Client;
let folder: string;
let answers = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("CREATE TABLE alembic_version (version_num text)");
  folder = mkdtempSync(join(tmpdir(), "wellhead-alembic-"));
});

afterAll(async () => {
  console.log(`${answers} of ${cases.flatMap(cliQueries).length} command lines answer as Alembic does`);
  await client.end();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the command line prints what Alembic prints", () => {
  for (const fixture of cases.filter((each) => cliQueries(each).length > 0)) {
    test(fixture.name, async () => {
      const cwd = writeProject(fixture);
      for (const query of cliQueries(fixture)) {
        const actual = await ask(query, cwd, fixture);
        const expected = (query.anyOf ?? [query]).map((answer) => shape(answer, query));
        expect(expected, query.argv.join(" ")).toContainEqual(actual);
        answers += 1;
      }
    });
  }
});

function cliQueries(fixture: Case): CliQuery[] {
  return fixture.queries.filter(
    (query): query is CliQuery => query.kind === "cli" && isCompared(query as CliQuery, fixture),
  );
}

/** The case as a Python project, and as a project in SQL; the number in front of a file's name keeps the load order. */
function writeProject({ name, revisions }: Case): string {
  const cwd = join(folder, name);
  for (const language of ["versions", "sql"]) mkdirSync(join(cwd, language), { recursive: true });
  for (const [index, revision] of revisions.entries()) {
    const file = `${String(index).padStart(5, "0")}_${revision.id.replaceAll("/", "")}`;
    writeFileSync(join(cwd, "versions", `${file}.py`), pythonText(revision));
    writeFileSync(join(cwd, "sql", `${file}.sql`), sqlText(revision));
  }
  return cwd;
}

function pythonText({ id, down, dependsOn, labels, message }: FixtureRevision): string {
  return [
    `"""${message}`,
    "",
    `Revision ID: ${id}`,
    `Revises: ${down.join(", ")}`,
    "Create Date: 2026-01-01 00:00:00.000000",
    "",
    '"""',
    `revision = ${JSON.stringify(id)}`,
    `down_revision = ${pythonTuple(down)}`,
    `branch_labels = ${pythonTuple(labels)}`,
    `depends_on = ${pythonTuple(dependsOn)}`,
    "",
  ].join("\n");
}

function sqlText({ id, down, dependsOn, labels, message }: FixtureRevision): string {
  const lists = [
    ...(labels.length > 0 ? [`-- labels: ${labels.join(", ")}`] : []),
    ...(dependsOn.length > 0 ? [`-- depends on: ${dependsOn.join(", ")}`] : []),
  ];
  const head = [`-- revision: ${id}`, `-- revises: ${down.join(", ")}`, `-- message: ${message}`, ...lists];
  return [...head, "", "-- upgrade", "-- downgrade", ""].join("\n");
}

function pythonTuple(texts: readonly string[]): string {
  return texts.length === 0 ? "None" : `(${texts.map((text) => `${JSON.stringify(text)},`).join(" ")})`;
}

async function ask(query: CliQuery, cwd: string, fixture: Case): Promise<unknown> {
  await client.query("DELETE FROM alembic_version");
  for (const row of query.rows ?? []) await client.query("INSERT INTO alembic_version VALUES ($1)", [row]);
  let stdout = "";
  const exitCode = await runCli([...query.argv, "--dir", query.argv.includes("--sql") ? "sql" : "versions"], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
    env: { DATABASE_URL: database.url },
    cwd,
  });
  if (exitCode !== 0) return "refused";
  const lines = stdout.split("\n").map((line) => withoutNumber(line, cwd, fixture));
  return comparable(lines, query);
}

function withoutNumber(line: string, cwd: string, { revisions }: Case): string {
  const path = /^Path: (?:.*\/)?versions\/(\d+)_/.exec(line)?.[1];
  return path === undefined ? line : `Path: versions/${revisions[Number(path)]?.id}.py`;
}

function shape(answer: Answer, query: CliQuery): unknown {
  return answer.error === undefined ? comparable(answer.result as string[], query) : "refused";
}

/**
 * What comes from unordered sets in Alembic is compared as a set, and which row of a merge is updated and which deleted
 * is free: rules 1 and 4 of the fixtures' README. The recorder's terminal knew no letters beyond ASCII.
 */
function comparable(lines: readonly string[], { argv: [command], anyOf }: CliQuery): readonly string[] {
  const withSets = withoutChoiceOfRow(lines)
    .map((line) => line.replaceAll(/[^\0-\x7f]/gu, "?"))
    .filter((line) => !line.startsWith("Current revision(s) for "))
    .map((line) => line.replace(/ \(([^()]*, [^()]*)\)/g, (_, list: string) => ` (${sortedList(list)})`))
    .map((line) =>
      line.replace(
        /^(Branches into|Branch names): (.*)/,
        (_, name: string, list: string) => `${name}: ${sortedList(list)}`,
      ),
    );
  const isUnordered = command === "current" || command === "branches" || anyOf !== undefined;
  return isUnordered ? withSets.toSorted() : withSets;
}

function withoutChoiceOfRow(lines: readonly string[]): readonly string[] {
  const blocks = lines.join("\n").split(/(?=^-- Running )/m);
  return blocks
    .map((block) => {
      const changes = block.match(/^(?:UPDATE|DELETE|INSERT) .*$/gm) ?? [];
      if (changes.length < 2) return block;
      const ids = changes.flatMap((change) => change.match(/'[^']*'/g) ?? []);
      return `${block.split("\n")[0]}: ${changes.length} changes of ${ids.toSorted().join(", ")}\n`;
    })
    .join("")
    .split("\n");
}

function sortedList(list: string): string {
  return list.split(", ").toSorted().join(", ");
}
