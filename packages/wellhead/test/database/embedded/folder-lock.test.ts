import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { lockFolder } from "../../../src/database/embedded/folder-lock.ts";
import { EmbeddedInUseError } from "../../../src/database/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { startChild } from "./child-process.ts";

function refusal(folder: string): EmbeddedInUseError {
  try {
    lockFolder(folder);
  } catch (error) {
    if (error instanceof EmbeddedInUseError) return error;
    throw error;
  }
  throw new Error("the folder was free");
}

/** Rewrites what the lock says about its owner. */
function changeClaim(folder: string, change: Record<string, unknown>): void {
  const file = join(folder, "wellhead.lock");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change }));
}

/** A folder whose lock was left by a process that was killed. */
async function folderOfTheDead(): Promise<string> {
  const folder = temporaryFolder();
  const child = startChild("lock", folder);
  expect(await child.nextLine()).toBe("locked");
  await child.kill();
  expect(readdirSync(folder)).toEqual(["wellhead.lock"]);
  return folder;
}

describe("the lock of a data folder", () => {
  test("is free again after release, and leaves nothing behind", () => {
    const folder = temporaryFolder();
    lockFolder(folder).release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is refused to the process that has it", () => {
    const folder = temporaryFolder();
    const lock = lockFolder(folder);
    const error = refusal(folder);
    expect(error.code).toBe("E_DB_EMBEDDED_IN_USE");
    expect(error.message).toContain("this process");
    lock.release();
  });

  test("names the process that has it, and what to do", async () => {
    const folder = temporaryFolder();
    const child = startChild("lock", folder);
    await child.nextLine();
    const error = refusal(folder);
    expect(error.holder).toMatchObject({ pid: child.pid, command: "child.ts lock" });
    expect(error.message).toContain(`process ${child.pid} (child.ts lock)`);
    expect(error.hint).toContain(`kill ${child.pid}`);
    await child.end();
    lockFolder(folder).release();
  });

  test("of a killed process is taken over", async () => {
    const folder = await folderOfTheDead();
    const lock = lockFolder(folder);
    refusal(folder);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is taken over again when the one who took it over was killed as well", async () => {
    const folder = await folderOfTheDead();
    for (let times = 0; times < 3; times += 1) {
      const child = startChild("lock", folder);
      expect(await child.nextLine()).toBe("locked");
      await child.kill();
    }
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of a dead process whose number another one has now is taken over", async () => {
    const folder = await folderOfTheDead();
    changeClaim(folder, { pid: process.pid, startedAt: "1" });
    lockFolder(folder).release();
  });

  test("from before the last boot of this machine is taken over", async () => {
    const folder = await folderOfTheDead();
    changeClaim(folder, { pid: process.pid, bootId: "another boot" });
    lockFolder(folder).release();
  });

  test.each([
    ["another machine", { host: "elsewhere", bootId: "another boot" }],
    ["another container on this machine", { pidNamespace: "pid:[1]", container: "another" }],
  ])("of %s cannot be judged, so it is refused and the file to delete is named", async (_, change) => {
    const folder = await folderOfTheDead();
    changeClaim(folder, change);
    const error = refusal(folder);
    expect(error.message).toContain("may still be open");
    expect(error.hint).toContain(join(folder, "wellhead.lock"));
  });

  test.each(["", "not a lock", "{}", "null"])("that reads %j is refused rather than guessed at", (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "wellhead.lock"), text);
    expect(refusal(folder).hint).toContain("wellhead.lock");
  });

  test("of ten processes that find it left behind, exactly one gets it", async () => {
    for (let round = 0; round < 3; round += 1) {
      const folder = await folderOfTheDead();
      const start = String(Date.now() + 1_500);
      const children = Array.from({ length: 10 }, () => startChild("lock", folder, start));
      const lines = await Promise.all(children.map((child) => child.nextLine()));
      expect(lines.filter((line) => line === "locked")).toHaveLength(1);
      expect(lines.filter((line) => line.includes("E_DB_EMBEDDED_IN_USE"))).toHaveLength(9);
      await Promise.all(children.map((child) => child.end()));
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test("never lets two processes in at once while they come and go", async () => {
    const folder = await folderOfTheDead();
    const start = String(Date.now() + 1_000);
    const children = Array.from({ length: 4 }, () => startChild("churn", folder, start));
    const lines = await Promise.all(children.map((child) => child.nextLine()));
    for (const line of lines) expect(line).toMatch(/^held \d+ collisions 0$/);
    expect(lines.every((line) => line.startsWith("held 0 "))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
