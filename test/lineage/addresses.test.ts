import { expect, test } from "vitest";
import { describeEverywhere, type LineageDatabase } from "./databases.ts";
import { loadDump } from "./service-tables.ts";
import { describeUsers, expectUsersTable, readUsers, tableExists } from "./users-table.ts";

/** Addresses as the old service kept them, and what makes each of them known to the new one. */
const addresses = {
  "plain@example.org": "plain@example.org",
  "Ann.Lee+news@Example.ORG": "ann.lee+news@example.org",
  "IRIS@EXAMPLE.ORG": "iris@example.org",
  "root@localhost": "root@localhost",
  "  spaces@example.org\t": "spaces@example.org",
  "JÖRG@example.org": "jörg@example.org",
  // The O and its dots as two characters, which NFC makes one.
  "BJO\u0308RN@example.org": "björn@example.org",
  "anna@Bücher.example": "anna@xn--bcher-kva.example",
  "known@XN--BCHER-KVA.example": "known@xn--bcher-kva.example",
  "ben@faß.de": "ben@xn--fa-hia.de",
  "zoe@例え.テスト": "zoe@xn--r8jz45g.xn--zckzah",
  "no address at all": "no address at all",
  "Two@Signs@Example.org": "two@signs@example.org",
  "encoded@Ex%61mple.net": "encoded@ex%61mple.net",
  "Space@in domain": "space@in domain",
} as const;

describeEverywhere("addresses of the old table", (lineage) => {
  const { session } = lineage;

  test("are normalised as registration does it, and kept as they were typed", async () => {
    await loadDump(session, "initial");
    for (const email of Object.keys(addresses)) await addUser(lineage, email);
    const before = await readUsers(session, '"user"');

    await lineage.upgrade();

    await expectUsersTable(session, before);
    const rows = await session.query<{ email: string; email_normalized: string }>(
      "SELECT email, email_normalized FROM users WHERE id > 3",
    );
    expect(Object.fromEntries(rows.map((row) => [row.email, row.email_normalized]))).toEqual(addresses);
  });

  test("are normalised a thousand and more at a time", async () => {
    await loadDump(session, "initial");
    await session.run(`INSERT INTO "user" (email, full_name, password_hash)
      SELECT format('Bü%s@Bücher.example', n), '', 'x' FROM generate_series(1, 2500) AS n`);

    await lineage.upgrade();

    const [row] = await session.query<{ count: number }>(
      `SELECT count(*)::int FROM users, generate_series(1, 2500) AS n
       WHERE email_normalized = format('bü%s@xn--bcher-kva.example', n) AND email = format('Bü%s@Bücher.example', n)`,
    );
    expect(row).toEqual({ count: 2500 });
  });

  test.each([
    ["in case", "User2@Example.org"],
    ["in blanks", " user2@example.org"],
  ])("that differ only %s are listed, and nothing is changed", async (_in, email) => {
    await loadDump(session, "initial");
    await addUser(lineage, email);
    await addUser(lineage, "Jörg@example.org");
    await addUser(lineage, "JÖRG@example.org");

    await expectNothingDone(lineage, async () => {
      await expect(lineage.upgrade()).rejects.toThrow(
        `2 in all: user2@example.org (id 2), ${email} (id 4); Jörg@example.org (id 5), JÖRG@example.org (id 6).`,
      );
    });
  });

  test("of one domain in two scripts are listed, and nothing is changed", async () => {
    await loadDump(session, "twoHeads");
    await addUser(lineage, "anna@bücher.example");
    await addUser(lineage, "anna@xn--bcher-kva.example");

    await expectNothingDone(lineage, async () => {
      await expect(lineage.upgrade()).rejects.toThrow(
        "1 in all: anna@bücher.example (id 4), anna@xn--bcher-kva.example (id 5).",
      );
    });
  });

  test("that two users hold stop before anything is renamed, with one transaction a revision too", async () => {
    await loadDump(session, "twoHeads");
    await addUser(lineage, "User2@Example.org");
    const before = await describeUsers(session, '"user"');

    await expect(lineage.upgrade("heads", "each")).rejects.toThrow("User2@Example.org (id 4)");

    expect(await lineage.versions()).toEqual(["mrg_20250812_single_head"]);
    expect(await describeUsers(session, '"user"')).toEqual(before);
    expect(await tableExists(session, "users")).toBe(false);
  });

  test("that are one again after somebody has chosen let the upgrade through", async () => {
    await loadDump(session, "initial");
    await addUser(lineage, "User2@Example.org");
    await expect(lineage.upgrade()).rejects.toThrow("User2@Example.org (id 4)");

    await session.run(`UPDATE "user" SET email = 'other@example.org' WHERE id = 4`);
    const before = await readUsers(session, '"user"');
    await lineage.upgrade();

    await expectUsersTable(session, before);
  });

  test("that are missing or blank are listed by id, and nothing is changed", async () => {
    await loadDump(session, "initial");
    await session.run(
      `ALTER TABLE "user" ALTER COLUMN email DROP NOT NULL; UPDATE "user" SET email = NULL WHERE id = 3`,
    );
    await addUser(lineage, " \t");

    await expectNothingDone(lineage, async () => {
      await expect(lineage.upgrade()).rejects.toThrow("Users without an e-mail address: ids 3, 4.");
    });
  });

  test.each(["text", "varchar(100)", "varchar(512)"])(
    "in a column %s come out in the same one",
    async (type) => {
      await loadDump(session, "initial");
      await session.run(
        `ALTER TABLE "user" ALTER COLUMN email TYPE ${type}, ALTER COLUMN full_name TYPE ${type}`,
      );
      const before = await readUsers(session, '"user"');

      await lineage.upgrade();

      await expectUsersTable(session, before);
    },
  );

  test("that are too long for the column are listed by id, and nothing is changed", async () => {
    await loadDump(session, "initial");
    await session.run(`ALTER TABLE "user" ALTER COLUMN email TYPE text`);
    await addUser(lineage, `${"x".repeat(300)}@example.org`);

    await expectNothingDone(lineage, async () => {
      await expect(lineage.upgrade()).rejects.toThrow("more than 256 characters: ids 4.");
    });
  });
});

async function addUser({ session }: LineageDatabase, email: string): Promise<void> {
  await session.query(
    `INSERT INTO "user" (email, full_name, password_hash) VALUES ($1, 'Name', '$2b$12$x')`,
    [email],
  );
}

/** Expects the tables and the versions to be as they were before `work`. */
async function expectNothingDone(lineage: LineageDatabase, work: () => Promise<void>): Promise<void> {
  const look = async () => ({
    versions: await lineage.versions(),
    table: await describeUsers(lineage.session, '"user"'),
    users: await readUsers(lineage.session, '"user"'),
  });
  const before = await look();
  await work();
  expect(await look()).toEqual(before);
}
