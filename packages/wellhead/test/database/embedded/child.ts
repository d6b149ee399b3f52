// A process of its own for the tests: node child.ts COMMAND FOLDER [START]. It prints one line for each thing that
// happened, and ends when its standard input does.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { openDatabase } from "../../../src/database/index.ts";
import { lockFolder } from "../../../src/database/embedded/folder-lock.ts";
import type { PgliteTarget } from "../../../src/database-url/index.ts";
import { targetOf } from "../pg-target.ts";

const [, , command = "", folder = "", start = "0"] = process.argv;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function untilInputEnds(): Promise<void> {
  return new Promise((resolve) => process.stdin.on("end", resolve).resume());
}

async function untilStart(): Promise<void> {
  await sleep(Math.max(Number(start) - Date.now(), 0));
}

const target: PgliteTarget = { ...(targetOf("") as PgliteTarget), database: folder };

const commands: Record<string, () => Promise<void>> = {
  /** Takes the folder's lock at a given time and keeps it. */
  async lock() {
    await untilStart();
    const lock = lockFolder(folder);
    say("locked");
    await untilInputEnds();
    lock.release();
  },
  /** Takes and releases the lock as often as it can, for half a second, and says how often two held it at once. */
  async churn() {
    await untilStart();
    let held = 0;
    let collisions = 0;
    while (Date.now() < Number(start) + 500) {
      try {
        const lock = lockFolder(folder);
        held += 1;
        if (existsSync(`${folder}/inside`)) collisions += 1;
        writeFileSync(`${folder}/inside`, String(process.pid));
        rmSync(`${folder}/inside`);
        lock.release();
      } catch (error) {
        if ((error as { code?: string }).code !== "E_DB_EMBEDDED_IN_USE") throw error;
      }
    }
    say(`held ${held} collisions ${collisions}`);
  },
  /** Opens the database and keeps it. */
  async open() {
    const database = await openDatabase(target);
    say("open");
    await untilInputEnds();
    await database.close();
  },
  /** Inserts one number after the other, and says each when it is committed. */
  async write() {
    const database = await openDatabase(target);
    await database.withSession((session) => session.run("CREATE TABLE IF NOT EXISTS n (n int)"));
    for (let n = 1; ; n += 1) {
      await database.transaction((session) => session.query("INSERT INTO n VALUES ($1)", [n]));
      say(String(n));
    }
  },
};

try {
  await commands[command]?.();
} catch (error) {
  const { code, message, hint } = error as { code?: string; message: string; hint?: string };
  say(JSON.stringify({ code, message, hint }));
}
