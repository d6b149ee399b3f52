// Random graphs of revisions, and random ways up and down through them on one database: whatever the graph plans is
// what the database does, and where the graph refuses nothing happens. TEST_SEED sets the seed in the title.

import { expect, onTestFinished, test } from "vitest";

import {
  downgrade,
  loadMigrations,
  openDatabase,
  parseDatabaseUrl,
  upgrade,
  WellheadError,
  type Database,
  type Migrations,
} from "../../packages/wellhead/src/index.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, type TestRevision } from "../support/migrations-folder.ts";
import { describeOnPostgres } from "../support/test-database.ts";
import { pick, seededRandom } from "./support/random.ts";

const seed = Number(process.env["TEST_SEED"] ?? "20251122");
const GRAPHS = 12;
const MOVES = 14;

describeOnPostgres("ways through random graphs", (server) => {
  test(`end where the graph says (seed ${seed})`, { timeout: 120_000 }, async () => {
    const random = seededRandom(seed + server.major);
    for (let round = 0; round < GRAPHS; round += 1) {
      const db = await connectedDatabase(server);
      await db.rows("CREATE TABLE applied (revision text PRIMARY KEY)");
      const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: db.url }), { maxSessions: 3 });
      onTestFinished(async () => await database.close());
      const revisions = randomRevisions(random);
      await walk(random, database, db.rows, revisions);
    }
  });

  test(
    `keep rows and versions together when several go at once (seed ${seed})`,
    { timeout: 120_000 },
    async () => {
      const random = seededRandom(seed + server.major + 1);
      for (let round = 0; round < 4; round += 1) {
        const db = await connectedDatabase(server);
        await db.rows("CREATE TABLE applied (revision text PRIMARY KEY)");
        const revisions = randomRevisions(random).map(({ head = [], ...rest }) => ({
          ...rest,
          head: head.filter((line) => !line.startsWith("depends on")),
        }));
        const migrations = loadMigrations(migrationsFolder(...revisions));
        const refusals = await Promise.all(
          Array.from({ length: 5 }, async () => await wander(random, db.url, migrations, revisions)),
        );
        expect(refusals.flat().filter((code) => !mayBeRefused.includes(code))).toEqual([]);
        const versions = (await db.rows("SELECT version_num AS id FROM alembic_version")).map(({ id }) =>
          String(id),
        );
        const applied = (await db.rows("SELECT revision FROM applied")).map(({ revision }) =>
          String(revision),
        );
        expect(applied.toSorted(), drawing(revisions)).toEqual(withAncestors(versions, revisions));
      }
    },
  );
});

/**
 * What the graph refuses, and what one is told whose plan the others have made impossible. Versions overlap where a
 * merge was taken down that revises a revision and its ancestor, beside other rows: Alembic leaves both rows, so do we.
 */
const mayBeRefused = [
  "E_OVERLAPPING_REVISIONS",
  "E_MULTIPLE_HEADS",
  "E_AMBIGUOUS_WALK",
  "E_RELATIVE_TOO_FAR",
  "E_REVISION_NOT_FOUND",
  "E_INVALID_TARGET",
  "E_RANGE_NOT_ANCESTOR",
  "E_VERSIONS_CHANGED",
];

/** Goes up and down a few times; the codes of what was refused. */
async function wander(
  random: () => number,
  url: string,
  migrations: Migrations,
  revisions: readonly TestRevision[],
): Promise<readonly string[]> {
  const refusals: string[] = [];
  for (let move = 0; move < 5; move += 1) {
    const isUp = random() < 0.6;
    const transaction = pick(random, ["all", "each"] as const);
    const options = { url, migrations, target: randomTarget(random, isUp, revisions), transaction };
    const outcome = await (isUp ? upgrade(options) : downgrade(options)).catch(codeOf);
    if (typeof outcome === "string") refusals.push(outcome);
  }
  return refusals;
}

function withAncestors(ids: readonly string[], revisions: readonly TestRevision[]): readonly string[] {
  const found = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    found.add(id);
    const { revises = "" } = revisions.find((revision) => revision.id === id) ?? {};
    left.push(...revises.split(", ").filter(Boolean));
  }
  return [...found].toSorted();
}

async function walk(
  random: () => number,
  database: Database,
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
  revisions: readonly TestRevision[],
): Promise<void> {
  const migrations = loadMigrations(migrationsFolder(...revisions));
  const { graph } = migrations;
  const applied = new Set<string>();
  let versions: readonly string[] = [];
  for (let move = 0; move < MOVES; move += 1) {
    const isUp = random() < 0.55;
    const target = randomTarget(random, isUp, revisions);
    const story = `${drawing(revisions)}\nat ${versions.join(", ")}: ${isUp ? "up" : "down"} to ${target}`;
    let expected = versions;
    const plan = outcomeOf(() =>
      isUp
        ? graph.planUpgrade({ from: versions, to: target })
        : graph.planDowngrade({ from: versions, to: target }),
    );
    const options = { database, migrations, target, transaction: pick(random, ["all", "each"] as const) };
    const run = await (isUp ? upgrade(options) : downgrade(options)).catch(codeOf);
    if (typeof plan === "string" || typeof run === "string") {
      expect(run, story).toBe(plan);
    } else {
      expect(run.steps.map(stepText), story).toEqual(plan.map(stepText));
      for (const { direction, revision } of plan)
        if (direction === "upgrade") applied.add(revision);
        else applied.delete(revision);
      expected = plan.at(-1)?.versionsAfter ?? versions;
    }
    // In the order of the table, by which a relative target goes.
    const found = await rows("SELECT version_num::text AS id FROM alembic_version").catch(() => []);
    versions = found.map(({ id }) => String(id));
    expect(versions.toSorted(), story).toEqual(expected.toSorted());
    expect(
      (await rows("SELECT revision FROM applied")).map(({ revision }) => revision).toSorted(),
      story,
    ).toEqual([...applied].toSorted());
  }
}

/** Each revises the last ones, or an older one, or several; some depend on another line, some run outside a transaction. */
function randomRevisions(random: () => number): readonly TestRevision[] {
  const count = 4 + Math.floor(random() * 7);
  const ids = Array.from(
    { length: count },
    (_, index) => `r${index}${Math.floor(random() * 1e6).toString(36)}`,
  );
  return ids.map((id, index) => {
    const earlier = ids.slice(0, index);
    const isMerge = random() < 0.25;
    const parents = earlier.length === 0 || random() < 0.1 ? [] : [pick(random, earlier.slice(-3))];
    if (isMerge && earlier.length > 1) parents.push(pick(random, earlier));
    const others = earlier.filter((one) => !parents.includes(one));
    const head = [
      ...(others.length > 0 && random() < 0.15 ? [`depends on: ${pick(random, others)}`] : []),
      ...(random() < 0.2 ? ["transaction: none"] : []),
      ...(random() < 0.15 ? [`labels: l${index}`] : []),
    ];
    return {
      id,
      revises: [...new Set(parents)].join(", "),
      head,
      upgrade: `INSERT INTO applied VALUES ('${id}');`,
      downgrade: `DELETE FROM applied WHERE revision = '${id}';`,
    };
  });
}

function randomTarget(random: () => number, isUp: boolean, revisions: readonly TestRevision[]): string {
  const label = revisions
    .flatMap(({ head = [] }) => head)
    .find((line) => line.startsWith("labels: "))
    ?.slice(8);
  const { id } = pick(random, revisions);
  const ways = isUp
    ? ["heads", "heads", "head", "+1", "+2", id, id, `${id}@head`]
    : ["base", "-1", "-1", "-2", id, id];
  if (label !== undefined) ways.push(isUp ? `${label}@head` : `${label}@base`);
  return pick(random, ways);
}

function outcomeOf<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return codeOf(error);
  }
}

/** What kind of refusal it was. Anything but a refusal is a fault of ours. */
function codeOf(error: unknown): string {
  if (error instanceof WellheadError) return error.code;
  throw error;
}

function drawing(revisions: readonly TestRevision[]): string {
  return revisions
    .map(({ id, revises = "", head = [] }) => `${id} revises ${revises || "nothing"} ${head.join(", ")}`)
    .join("\n");
}

function stepText({
  direction,
  revision,
  versionsAfter,
}: {
  readonly direction: string;
  readonly revision: string;
  readonly versionsAfter: readonly string[];
}): string {
  return `${direction} ${revision} -> ${versionsAfter.join(", ")}`;
}
