import { spawnSync } from "node:child_process";

import { expect, test } from "vitest";

const room = new URL("../../src/database/", import.meta.url);

/** Which of the heavy packages a process loads that opens this target, whether or not it answers. */
function packagesFor(target: object): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({ resolve(name, context, next) {
      const [found] = /^(pg|@electric-sql\\/pglite|libpg-query)$/.exec(name) ?? [];
      if (found) loaded.add(found);
      return next(name, context);
    } });
    const { openDatabase } = await import(${JSON.stringify(new URL("index.ts", room).href)});
    const before = [...loaded];
    await openDatabase(${JSON.stringify(target)}, { connectTimeoutMs: 0 }).then((database) => database.close(), () => undefined);
    console.log(JSON.stringify([before, [...loaded]]));
  `;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  const [before, after] = JSON.parse(stdout) as [string[], string[]];
  expect(before).toEqual([]);
  return after;
}

test("a server's database is opened without loading PGlite, and nothing is loaded before it is needed", () => {
  const target = {
    driver: "pg",
    host: "127.0.0.1",
    port: 1,
    ssl: false,
    schema: null,
    poolMode: "direct",
    password: null,
  };
  expect(packagesFor(target)).toEqual(["pg"]);
});

test("SQLite is refused without loading any driver", () => {
  expect(packagesFor({ driver: "sqlite", display: "sqlite:x.db" })).toEqual([]);
});
