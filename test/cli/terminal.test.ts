import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { runInTerminal, hasTerminal } from "../support/terminal.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const revisions = [
  { id: "aa11", upgrade: "CREATE TABLE t (id int);" },
  { id: "bb22", revises: "aa11", upgrade: "SELECT pg_sleep(1.3);" },
];
const erase = "\r\u001B[2K";

describe.skipIf(!hasTerminal)("on a terminal (script of util-linux)", () => {
  describeOnPostgres("an upgrade", (server) => {
    test("shows what runs with its seconds on one line, and leaves a line with its time", async () => {
      const { folder, url, wellhead } = await cliProject(server, ...revisions);
      const env = { DATABASE_URL: url };
      const { exitCode, screen } = await runInTerminal(["upgrade", "--dir", "."], { cwd: folder, env });
      expect(exitCode).toBe(0);
      expect(screen).toContain(`${erase}Running upgrade aa11 -> bb22, the bb22${erase}`);
      expect(screen).toContain(`${erase}Running upgrade aa11 -> bb22, the bb22 1 s${erase}`);
      expect(afterErasing(screen)).toMatch(
        /^upgrade {2}-> aa11, the aa11 \(\d+ ms\)\nupgrade aa11 -> bb22, the bb22 \(1\.\d s\)\nUpgraded 2 revisions in .*bb22\.\n$/,
      );
      expect((await wellhead("upgrade", "-q")).stdout).toBe("");
    });

    test("that fails leaves the error and no half line", async () => {
      const { folder, url } = await cliProject(server, { id: "aa11", upgrade: "SELECT 1/0;" });
      const env = { DATABASE_URL: url };
      const { exitCode, screen } = await runInTerminal(["upgrade", "--dir", "."], { cwd: folder, env });
      expect(exitCode).toBe(1);
      expect(afterErasing(screen)).toMatch(/^\S*error:\S* upgrade of aa11 failed/);
    });

    test("a terminal without control characters gets none", async () => {
      const { folder, url } = await cliProject(server, ...revisions);
      const env = { DATABASE_URL: url, TERM: "dumb" };
      const { screen } = await runInTerminal(["upgrade", "--dir", "."], { cwd: folder, env });
      expect(screen).not.toContain("\u001B");
      expect(screen).toMatch(/^Running upgrade {2}-> aa11, the aa11\r\n/);
    });
  });
});

describeOnPostgres("elsewhere", (server) => {
  test("there is one plain line a revision, and not one control character", async () => {
    const { wellhead } = await cliProject(server, ...revisions);
    const { stdout } = await wellhead("upgrade");
    expect(stdout).toMatch(
      /^Running upgrade {2}-> aa11, the aa11\nRunning upgrade aa11 -> bb22, the bb22\n {2}took 1\.\d s\nUpgraded 2 revisions in /,
    );
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });
});

/** What stays on the screen when every erased line is gone. */
function afterErasing(screen: string): string {
  return screen
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf(erase) === -1 ? 0 : line.lastIndexOf(erase) + erase.length))
    .join("\n");
}
