import { expect, test } from "vitest";
import { describeEverywhere, head, type LineageDatabase } from "./databases.ts";
import { loadDump } from "./service-tables.ts";
import {
  describeUsers,
  expectUsersTable,
  readUsers,
  relationsNamedAfterUsers,
  tableExists,
  userTable,
} from "./users-table.ts";

const merge = "mrg_20250812_single_head";

describeEverywhere("a downgrade", (lineage) => {
  const { session } = lineage;

  test.each(["initial", "twoHeads"] as const)(
    "to the merge puts everybody back into user, from the %s dump",
    async (dump) => {
      await loadDump(session, dump);
      const before = await readUsers(session, '"user"');
      await lineage.upgrade();
      await register(lineage, "New@Example.org");

      await lineage.downgrade(merge);

      expect(await lineage.versions()).toEqual([merge]);
      expect(await describeUsers(session, '"user"')).toEqual(userTable);
      expect(await relationsNamedAfterUsers(session)).toEqual([
        "ix_user_email",
        "user",
        "user_email_key",
        "user_id_seq",
        "user_pkey",
      ]);
      const after = await readUsers(session, '"user"');
      expect(after).toEqual([
        ...before,
        expect.objectContaining({ email: "New@Example.org", hash: "$argon2id$" }),
      ]);
      expect(await participantsOf(lineage, '"user"')).toEqual(["user1@example.org", "user3@example.org"]);

      await session.run(
        `INSERT INTO "user" (email, full_name, password_hash) VALUES ('old@example.org', '', 'x')`,
      );
      const everybody = await readUsers(session, '"user"');
      await lineage.upgrade();
      await expectUsersTable(session, everybody);
    },
  );

  test("gives back the table that the dump of 0001_init had", async () => {
    await loadDump(session, "initial");
    const before = await describeUsers(session, '"user"');
    await lineage.upgrade();
    await lineage.downgrade(merge);
    expect(await describeUsers(session, '"user"')).toEqual(before);
  });

  test("and the upgrade after it can be repeated", async () => {
    await loadDump(session, "twoHeads");
    const before = [...(await readUsers(session, '"user"'))];
    for (let round = 0; round < 3; round += 1) {
      await lineage.upgrade();
      await register(lineage, `Round${round}@Example.org`);
      before.push(...(await readUsers(session, "users")).slice(-1));
      await lineage.downgrade(merge);
    }
    await lineage.upgrade();
    await expectUsersTable(session, before);
    expect(await participantsOf(lineage, "users")).toEqual(["user1@example.org", "user3@example.org"]);
  });

  test.each([
    "0001_init",
    "2c131f530702",
    "cae03aeba4e5",
    "cf36412b4ea9",
    "4f6d2a1b7ac9",
    "a1b2c3d4fullnam3",
    "e3bffa2a4321",
    "base",
  ])("to %s loses nobody", async (target) => {
    await loadDump(session, "twoHeads");
    await lineage.upgrade();
    await register(lineage, "New@Example.org");
    const before = await readUsers(session, "users");
    const events = await session.query("SELECT * FROM event ORDER BY id");

    await lineage.downgrade(target);
    expect(await readUsers(session, '"user"')).toEqual(before);
    expect(await session.query("SELECT * FROM event ORDER BY id")).toEqual(events);

    await lineage.upgrade();
    await expectUsersTable(session, before);
  });

  test("to base of a database that was empty leaves no table of users", async () => {
    await lineage.upgrade();
    await lineage.downgrade("base");
    expect(await relationsNamedAfterUsers(session)).toEqual([]);
  });

  test("to base keeps an empty table that another one refers to", async () => {
    await loadDump(session, "initial");
    await session.run(`DELETE FROM participant; DELETE FROM "user"`);
    await lineage.upgrade();
    await lineage.downgrade("base");
    expect(await tableExists(session, "user")).toBe(true);
  });

  test("takes the place of the empty table that the old service made when it was started again", async () => {
    await loadDump(session, "initial");
    await lineage.upgrade();
    const before = await readUsers(session, "users");
    await session.run(
      `CREATE TABLE "user" (id integer PRIMARY KEY, email varchar(256) NOT NULL, password_hash varchar(256) NOT NULL)`,
    );

    await lineage.downgrade(merge);

    expect(await readUsers(session, '"user"')).toEqual(before);
    expect(await describeUsers(session, '"user"')).toEqual(userTable);
  });

  test("is refused when the old service has registered users of its own meanwhile", async () => {
    await loadDump(session, "initial");
    await lineage.upgrade();
    await session.run(`
      CREATE TABLE "user" (id integer PRIMARY KEY, email varchar(256) NOT NULL, password_hash varchar(256) NOT NULL);
      INSERT INTO "user" VALUES (1, 'other@example.org', 'x')`);

    await expect(lineage.downgrade(merge)).rejects.toThrow(`Both tables hold users: users and "user".`);

    expect(await lineage.versions()).toEqual([head]);
    expect(await readUsers(session, "users")).toHaveLength(3);
  });
});

async function register({ session }: LineageDatabase, email: string): Promise<void> {
  await session.query(
    "INSERT INTO users (email, email_normalized, hashed_password) VALUES ($1, $2, '$argon2id$')",
    [email, email.toLowerCase()],
  );
}

/** The addresses behind the keys of `participant`, which follow the table through its renames. */
async function participantsOf({ session }: LineageDatabase, table: string): Promise<readonly string[]> {
  const rows = await session.query<{ email: string }>(
    `SELECT email FROM participant JOIN ${table} ON user_id = ${table}.id
     WHERE (SELECT confrelid FROM pg_constraint WHERE conname = 'participant_user_id_fkey') = to_regclass($1)
     ORDER BY participant.id`,
    [table],
  );
  return rows.map(({ email }) => email);
}
