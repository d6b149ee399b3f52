import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cliCommand, processEnvironment } from "../support/cli-command.ts";
import { describeEverywhere, head, type LineageDatabase } from "./databases.ts";
import { loadDump } from "./service-tables.ts";
import { expectUsersTable, readUsers } from "./users-table.ts";

describeEverywhere("the commands that the team knows", (lineage) => {
  const { session } = lineage;

  test("heads --verbose shows the one head and its parent", async () => {
    const shown = await wellhead(lineage, "heads", "--verbose");
    expect(shown).toContain(`Rev: ${head} (head)`);
    expect(shown).toContain("Parent: lim_20261125_rate_limits");
    expect(shown.match(/^Rev:/gm)).toHaveLength(1);
  });

  test.each(["initial", "twoHeads"] as const)(
    "take the %s dump to the merge and on to the head",
    async (dump) => {
      await loadDump(session, dump);
      const before = await readUsers(session, '"user"');

      await wellhead(lineage, "upgrade", "mrg_20250812_single_head");
      expect(await lineage.versions()).toEqual(["mrg_20250812_single_head"]);
      expect(await readUsers(session, '"user"')).toEqual(before);

      await wellhead(lineage, "upgrade", "head");
      expect(await lineage.versions()).toEqual([head]);
      await expectUsersTable(session, before);
    },
  );

  test.each(["initial", "twoHeads"] as const)("take the %s dump to all heads at once", async (dump) => {
    await loadDump(session, dump);
    const before = await readUsers(session, '"user"');

    await wellhead(lineage, "upgrade", "heads");

    expect(await lineage.versions()).toEqual([head]);
    await expectUsersTable(session, before);
  });
});

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the command at the repository's root and gives what it printed; a status other than 0 throws. */
async function wellhead(lineage: LineageDatabase, ...args: readonly string[]): Promise<string> {
  return await lineage.elsewhere(async (url) => {
    const [program, ...command] = cliCommand();
    const { stdout } = await run(program, [...command, ...args], {
      cwd: repository,
      env: { ...process.env, ...processEnvironment(), DATABASE_URL: url },
    });
    return stdout;
  });
}
