import { expect, test } from "vitest";
import { describeEverywhere, head, type LineageDatabase, type Session } from "./databases.ts";
import { loadBaselineLine, loadDump, stampByHand } from "./service-tables.ts";
import { expectUsersTable, readUsers, tableExists, type UserRow } from "./users-table.ts";

//  0001_init ──────────────────────────────────────────────┐
//  2c131f530702 ─ cae03aeba4e5 ─ cf36412b4ea9 ┬ 4f6d2a1b7ac9 ┴ e3bffa2a4321 ┐
//                                             └ a1b2c3d4fullnam3 ───────────┴ mrg_20250812_single_head

/** Every set of versions that a database can stand at: each revision alone, and all that lie side by side. */
const versionSets: readonly (readonly string[])[] = [
  [],
  ["0001_init"],
  ["2c131f530702"],
  ["cae03aeba4e5"],
  ["cf36412b4ea9"],
  ["4f6d2a1b7ac9"],
  ["a1b2c3d4fullnam3"],
  ["e3bffa2a4321"],
  ["mrg_20250812_single_head"],
  ["0001_init", "2c131f530702"],
  ["0001_init", "cae03aeba4e5"],
  ["0001_init", "cf36412b4ea9"],
  ["0001_init", "4f6d2a1b7ac9"],
  ["0001_init", "a1b2c3d4fullnam3"],
  ["4f6d2a1b7ac9", "a1b2c3d4fullnam3"],
  ["0001_init", "4f6d2a1b7ac9", "a1b2c3d4fullnam3"],
  ["a1b2c3d4fullnam3", "e3bffa2a4321"],
];

const fromCreatedAt = new Set(["4f6d2a1b7ac9", "e3bffa2a4321", "mrg_20250812_single_head"]);

interface Start {
  readonly title: string;
  readonly load: (session: Session) => Promise<void>;
  /** The versions it is tried at: all that can be stamped or, of a step of the baseline's line, where Alembic left it. */
  readonly at: readonly (readonly string[])[];
}

const starts: readonly Start[] = [
  { title: "no tables", load: async () => {}, at: versionSets },
  {
    title: "the tables of 0001_init",
    load: async (session) => await loadDump(session, "initial"),
    at: versionSets,
  },
  {
    title: "the tables of the two heads",
    load: async (session) => await loadDump(session, "twoHeads"),
    at: versionSets,
  },
  {
    title: "the baseline's tables",
    load: async (session) => await loadBaselineLine(session, "2c131f530702"),
    at: versionSets,
  },
  {
    title: "the tables of cae03aeba4e5",
    load: async (session) => await loadBaselineLine(session, "cae03aeba4e5"),
    at: versionSets.filter((versions) => versions.includes("cae03aeba4e5")),
  },
  {
    title: "the tables of cf36412b4ea9",
    load: async (session) => await loadBaselineLine(session, "cf36412b4ea9"),
    at: versionSets.filter((versions) =>
      ["cf36412b4ea9", "a1b2c3d4fullnam3"].includes(versions.at(-1) ?? ""),
    ),
  },
  {
    title: "the tables of 4f6d2a1b7ac9",
    load: async (session) => await loadBaselineLine(session, "4f6d2a1b7ac9"),
    at: versionSets.filter((versions) => versions.some((version) => fromCreatedAt.has(version))),
  },
];

describeEverywhere("upgrade heads ends in the same users table", (lineage) => {
  const { session } = lineage;

  for (const { title: start, load, at } of starts) {
    test.each(at.map((versions) => ({ at: versions.join(" and ") || "no version", versions })))(
      `from ${start}, at $at`,
      async ({ versions }) => {
        await load(session);
        await stampByHand(session, versions);
        const before = await usersBefore(lineage);
        expect(before).toHaveLength(start === "no tables" ? 0 : 3);
        const others = await otherTables(lineage);

        await lineage.upgrade();

        await expectUsersTable(session, before);
        expect(await otherTables(lineage)).toEqual(others);
        expect(await lineage.versions()).toEqual([head]);
      },
    );

    test(`from ${start}, without a version table`, async () => {
      await load(session);
      await session.run("DROP TABLE IF EXISTS alembic_version");
      const before = await usersBefore(lineage);

      await lineage.upgrade();

      await expectUsersTable(session, before);
      expect(await lineage.versions()).toEqual([head]);
    });
  }

  test("with the baseline's event grown by what the revisions say, and filled", async () => {
    await loadBaselineLine(session, "2c131f530702");
    await lineage.upgrade();
    expect(await session.query("SELECT address, required_attendees, is_locked_for_edit FROM event")).toEqual([
      { address: "", required_attendees: 1, is_locked_for_edit: false },
    ]);
    const defaults = await session.query(
      "SELECT attname FROM pg_attribute WHERE attrelid = 'event'::regclass AND attnum > 6 AND (atthasdef OR NOT attnotnull)",
    );
    expect(defaults).toEqual([]);
  });

  test("with event as it was where it has the columns already", async () => {
    await loadDump(session, "initial");
    const look = async () =>
      await session.query(
        "SELECT column_name, column_default FROM information_schema.columns WHERE table_name = 'event' ORDER BY 1",
      );
    const before = await look();
    await lineage.upgrade();
    expect(await look()).toEqual(before);
  });

  test("from the users table itself, when its revision was not written down", async () => {
    await loadDump(session, "initial");
    await lineage.upgrade();
    const before = await readUsers(session, "users");

    for (const versions of versionSets) {
      await stampByHand(session, versions);
      await lineage.upgrade();
      await expectUsersTable(session, before);
    }
  });
});

async function usersBefore({ session }: LineageDatabase): Promise<readonly UserRow[]> {
  return (await tableExists(session, "user")) ? await readUsers(session, '"user"') : [];
}

/** The rows of the tables that belong to another part of the service; a column that a revision adds is left out. */
async function otherTables({ session }: LineageDatabase): Promise<unknown> {
  if (!(await tableExists(session, "event"))) return "there are none";
  const events = await session.query(
    "SELECT id, title, description, country_code, start_time FROM event ORDER BY id",
  );
  const participants = await session.query(`
    SELECT participant.*, EXISTS (
      SELECT FROM pg_constraint WHERE conrelid = 'participant'::regclass AND conname = 'participant_user_id_fkey'
        AND confrelid IN (to_regclass('"user"'), to_regclass('users'))
    ) AS is_user_a_key
    FROM participant ORDER BY id`);
  return { events, participants };
}
