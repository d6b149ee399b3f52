import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { describeWithAlembic, startAlembic, type Alembic } from "./support/alembic.ts";
import { comparableOutput } from "./support/comparable-output.ts";
import type { ProjectRevision } from "./support/project-revision.ts";
import { writePythonProject } from "./support/python-project.ts";
import { runWellhead } from "./support/wellhead.ts";

// first1 ─┬─ left01 (left)        other1 (other)
//         └─ right1 (right)
const revisions: readonly ProjectRevision[] = [
  { id: "first1" },
  { id: "left01", down: ["first1"], labels: ["left"] },
  { id: "right1", down: ["first1"], labels: ["right"] },
  { id: "other1", labels: ["other"] },
];

let alembic: Alembic;
let database: TestDatabase;
let folder: string;

describeWithAlembic("the files that Wellhead writes into a Python project", () => {
  beforeAll(() => {
    alembic = startAlembic();
  });

  afterAll(() => alembic.close());

  beforeEach(async () => {
    folder = temporaryFolder();
    writePythonProject(folder, revisions);
    database = await createTestDatabase();
    return async () => await database.close();
  });

  test("merge: Alembic loads the file, upgrades through it and back", async () => {
    await write("merge left01 right1 --rev-id joined", "join left and right");
    expect(versionFiles()).toContain("joined_join_left_and_right.py");
    expect((await alembicOutput("history -r left01:")).split("\n")[0]).toMatch(
      /^left01, right1 -> joined \((left, right|right, left)\) \(head\) \(mergepoint\), join left and right$/,
    );
    await expectSame("heads", "history", "branches");
    await alembicOutput("upgrade left01");
    await alembicOutput("upgrade left@head");
    expect(await alembicOutput("current")).toBe("joined (head) (mergepoint)\n");
    await alembicOutput("downgrade base");
  });

  test("merge of all heads, with a label of its own", async () => {
    await write("merge --branch-label together --rev-id joined");
    expect(await alembicOutput("heads")).toMatch(/^joined \(.*together.*\) \(head\)\n$/);
    await alembicOutput("upgrade together@head");
  });

  test("revision: on a head, on a label's head, as a base, with dependencies, spliced", async () => {
    await write("revision --head left@head --rev-id left02", "Under left!");
    await write("revision --head right1 --depends-on left --rev-id right2", "needs");
    await write("revision --head base --branch-label fourth --rev-id fresh1");
    await write("revision --head first1 --splice --branch-label spliced --rev-id splic1", "branch off");
    expect(versionFiles()).toEqual(
      expect.arrayContaining(["fresh1_.py", "left02_under_left.py", "splic1_branch_off.py"]),
    );
    await expectSame("heads", "history", "branches", "show right2", "show fresh1");
    // In which order Alembic takes two dependencies depends on its hashes.
    await write("revision --head right2 --depends-on left02 --depends-on other1 --rev-id right3", "deps");
    await expectSame("heads", "show right3");
    await alembicOutput("upgrade heads");
    expect((await alembicOutput("current")).split("\n").toSorted()).toEqual(
      (await wellheadOutput("current")).split("\n").toSorted(),
    );
    await alembicOutput("downgrade base");
  });

  test("revision on heads is a merge that goes on", async () => {
    await write("revision --head heads --rev-id all001", "all");
    expect(await alembicOutput("heads")).toMatch(/^all001 \(/);
    await alembicOutput("upgrade head");
  });

  test("a message with quotes, backslashes and other alphabets comes through", async () => {
    const message = `It's "so" \\n """wide""" – Übergröße`;
    await write("revision --head other@head --rev-id quoted", message);
    expect(await alembicOutput("history -r other@base:other@head")).toContain(`, ${message}\n`);
    await expectSame("history", "show quoted");
    await alembicOutput("upgrade other@head");
  });

  test("file_template and slug length are Alembic's: both give the file the same name", async () => {
    const template = "%%(year)d-%%(month).2d_%%(rev)s_%%(slug)s";
    writePythonProject(folder, revisions, { file_template: template, truncate_slug_length: "12" });
    const message = "Add the user's e-mail & phone";
    await write("revision --head other@head --rev-id named1", message);
    await alembicOutput("revision --head named1 --rev-id named2", message);
    const names = versionFiles().filter((name) => name.includes("named"));
    expect(names).toHaveLength(2);
    expect(names[0]?.replace("named1", "named2")).toBe(names[1]);
  });

  test("a file of Alembic's own is read as Alembic reads it", async () => {
    await alembicOutput("revision --head left@head --depends-on other --rev-id their1", `It's "theirs"`);
    await alembicOutput("merge their1 right1 --rev-id their2", "theirs too");
    await expectSame("heads", "heads -v", "history", "history -v", "branches", "show their1", "show their2");
  });

  test("several version locations: the file goes beside its first parent", async () => {
    mkdirSync(join(folder, "more"));
    writePythonProject(folder, revisions, { version_locations: "alembic/versions more" });
    writeFileSync(
      join(folder, "more", "zz.py"),
      'revision = "more01"\ndown_revision = None\nbranch_labels = ("more",)\ndepends_on = None\ndef upgrade(): pass\ndef downgrade(): pass\n',
    );
    await write("revision --head more@head --rev-id more02", "beside");
    expect(readdirSync(join(folder, "more")).filter((name) => name.endsWith(".py"))).toEqual([
      "more02_beside.py",
      "zz.py",
    ]);
    await expectSame("heads", "history");
    await alembicOutput("upgrade heads");
  });
});

async function alembicOutput(command: string, message?: string): Promise<string> {
  const answer = await alembic.run(words(command, message), folder, database.url);
  expect(answer, command).toMatchObject({ exitCode: 0 });
  return answer.stdout;
}

async function wellheadOutput(command: string, message?: string): Promise<string> {
  const answer = await runWellhead(words(command, message), folder, database.url);
  expect(answer, command).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^(not proved: .*\nhint: .*\n)?$/),
  });
  return answer.stdout;
}

function words(command: string, message: string | undefined): readonly string[] {
  return [...command.split(" "), ...(message === undefined ? [] : ["-m", message])];
}

async function write(command: string, message?: string): Promise<void> {
  expect(await wellheadOutput(command, message)).toMatch(/^created \S+\.py\n$/);
}

async function expectSame(...commands: string[]): Promise<void> {
  for (const command of commands) {
    const [ours, theirs] = [await wellheadOutput(command), await alembicOutput(command)];
    expect(comparableOutput(ours, folder), command).toEqual(comparableOutput(theirs, folder));
  }
}

function versionFiles(): string[] {
  return readdirSync(join(folder, "alembic", "versions")).toSorted();
}
