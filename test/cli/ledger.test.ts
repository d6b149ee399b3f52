import { expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { writeRevision } from "../support/migrations-folder.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b int;" },
];

describeOnPostgres("wellhead ledger", (server) => {
  test("lists a line a step, and as JSON", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    const empty = await wellhead("ledger");
    expect(empty).toMatchObject({ exitCode: 0, stdout: "" });
    expect(empty.stderr).toContain("the ledger is empty");
    await wellhead("upgrade");
    expect((await wellhead("ledger")).stdout).toMatch(
      /^\d{4}-\S+Z {2}upgrade {2}aa11 {2}\d+ ms {2}same {2}wellhead@\S+ {2}\d+\.\d+\.\d+\n.* bb22 .*\n$/,
    );
    expect((await wellhead("ledger", "--json")).json()).toMatchObject({
      lines: [
        { revision: "aa11", direction: "upgrade", checksumState: "same" },
        { revision: "bb22", direction: "upgrade", checksumState: "same" },
      ],
    });
  });

  test("accept takes an edited revision's text, and says when there is no edit", async () => {
    const { wellhead, folder } = await cliProject(server, ...revisions);
    await wellhead("upgrade");
    writeRevision(folder, { id: "bb22", revises: "aa11", upgrade: "ALTER TABLE t ADD b bigint;" });
    expect((await wellhead("upgrade")).stderr).toContain("bb22 was edited after it was applied");
    expect((await wellhead("ledger", "accept", "bb22")).stdout).toBe(
      "bb22: its text is taken for the applied one.\n",
    );
    expect((await wellhead("upgrade")).stderr).toBe("");
    const again = await wellhead("ledger", "accept", "bb22", "aa11");
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain("bb22: not edited since it was applied");
    expect((await wellhead("ledger", "accept", "bb22", "--json")).json()).toEqual({
      accepted: [],
      unedited: ["bb22"],
    });
  });

  test("accept refuses what is unknown or not applied, and a wrong word is wrong usage", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    await wellhead("upgrade", "aa11");
    const unapplied = await wellhead("ledger", "accept", "bb22");
    expect(unapplied.exitCode).toBe(1);
    expect(unapplied.stderr).toMatch(/^error: The database does not have bb22: it stands at aa11\.\nhint: /);
    expect(await wellhead("ledger", "accept", "zz99")).toMatchObject({ exitCode: 1 });
    expect(await wellhead("ledger", "acept", "bb22")).toMatchObject({ exitCode: 2 });
    expect(await wellhead("ledger", "accept")).toMatchObject({ exitCode: 2 });
  });
});
