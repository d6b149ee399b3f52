import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";

import { expect, test } from "vitest";

import { headRewrite, rewriteFiles, undoUnfinishedRewrite } from "../../src/revisions/index.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { thrown } from "./support/thrown.ts";

const names = ["a.sql", "b.sql", "c.sql"];

function threeFiles(): {
  folder: string;
  rewrites: Parameters<typeof rewriteFiles>[1];
  texts: () => string[];
} {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, name), `old ${name}`);
  return {
    folder,
    rewrites: names.map((name) => ({
      file: join(folder, name),
      before: `old ${name}`,
      after: `new ${name}`,
    })),
    texts: () => names.map((name) => readFileSync(join(folder, name), "utf8")),
  };
}

test("all files get their new text and keep their rights, and nothing else is left", () => {
  const { folder, rewrites, texts } = threeFiles();
  chmodSync(join(folder, "b.sql"), 0o640);
  rewriteFiles(folder, rewrites);
  expect(texts()).toEqual(["new a.sql", "new b.sql", "new c.sql"]);
  expect(statSync(join(folder, "b.sql")).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(names);
});

test("one that cannot be written leaves all as they were", () => {
  const { folder, rewrites, texts } = threeFiles();
  // Where the draft of the third would go there is a folder.
  mkdirSync(join(folder, ".c.sql.draft", "x"), { recursive: true });
  expect(thrown(() => rewriteFiles(folder, rewrites)).code).toBe("E_REVISION_NOT_WRITABLE");
  expect(texts()).toEqual(["old a.sql", "old b.sql", "old c.sql"]);
  expect(readdirSync(folder)).toEqual([".c.sql.draft", ...names]);
});

test("what a process that died has left is put back, but not over somebody's own work", () => {
  const { folder, rewrites, texts } = threeFiles();
  const journal = join(folder, ".wellhead-rewrite.json");
  writeFileSync(journal, JSON.stringify({ files: rewrites }));
  writeFileSync(join(folder, "a.sql"), "new a.sql");
  writeFileSync(join(folder, "b.sql"), "somebody's own");
  utimesSync(journal, 1, 1);
  expect(undoUnfinishedRewrite(folder)).toEqual([join(folder, "a.sql")]);
  expect(texts()).toEqual(["old a.sql", "somebody's own", "old c.sql"]);
  expect(readdirSync(folder)).toEqual(names);
  expect(undoUnfinishedRewrite(folder)).toEqual([]);
  writeFileSync(journal, "{");
  utimesSync(journal, 1, 1);
  expect(thrown(() => undoUnfinishedRewrite(folder)).code).toBe("E_REWRITE_JOURNAL");
});

test("a head is changed byte for byte, with its byte order mark and its line ends", () => {
  const file = join(temporaryFolder(), "a.sql");
  const text = "\uFEFF-- revision: a\r\n-- revises: b\r\n\r\n-- upgrade\r\nSELECT 'ü' ;  \r\n";
  writeFileSync(file, text);
  const rewrite = headRewrite({ file, path: "a.sql", language: "sql" }, { revises: ["c"] });
  expect(rewrite).toEqual({ file, before: text, after: text.replace("revises: b", "revises: c") });
});

test("a process that is killed among its files has changed none of them in the end", async () => {
  const folder = temporaryFolder();
  const rewrites = Array.from({ length: 400 }, (_, index) => {
    const file = join(folder, `${String(index).padStart(3, "0")}.sql`);
    writeFileSync(file, "old");
    return { file, before: "old", after: "new" };
  });
  const module = new URL("../../src/revisions/index.ts", import.meta.url).href;
  const program = `import { rewriteFiles } from ${JSON.stringify(module)};
    rewriteFiles(${JSON.stringify(folder)}, ${JSON.stringify(rewrites)});`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
  const ended = once(child, "close");
  const texts = (): string[] => rewrites.map(({ file }) => readFileSync(file, "utf8"));
  const isHalfWay = (): boolean => readFileSync(rewrites[40]?.file ?? "", "utf8") === "new";
  for (let turns = 0; !isHalfWay() && turns < 20_000; turns += 1)
    await new Promise((go) => setTimeout(go, 1));
  child.kill("SIGKILL");
  await ended;
  expect(new Set(texts())).toEqual(new Set(["new", "old"]));
  const journal = join(folder, ".wellhead-rewrite.json");
  utimesSync(journal, 1, 1);
  expect(undoUnfinishedRewrite(folder).length).toBeGreaterThan(40);
  expect(new Set(texts())).toEqual(new Set(["old"]));
  expect(readdirSync(folder)).toEqual(rewrites.map(({ file }) => basename(file)));
});
