// How long `readRevisions` takes: folders of 200, 1,000 and 10,000 revisions in each language, best of five runs.
// Run: node --conditions=wellhead-source bench/read-revisions.ts

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  newRevisionFile,
  readRevisions,
  writeRevisionFile,
  type RevisionLanguage,
} from "../packages/wellhead/src/revisions/index.ts";

const counts = [200, 1000, 10_000] as const;
const languages: readonly RevisionLanguage[] = ["sql", "ts", "py"];
const bodies: Readonly<Record<RevisionLanguage, string>> = {
  sql: Array.from({ length: 20 }, (_, index) => `alter table t add column c${index} text;`).join("\n"),
  ts: Array.from({ length: 20 }, (_, index) => `await db.run("select ${index}");`).join("\n"),
  py: Array.from({ length: 20 }, (_, index) => `op.add_column("t", sa.Column("c${index}", sa.Text()))`).join(
    "\n",
  ),
};

const root = mkdtempSync(join(tmpdir(), "wellhead-bench-"));
try {
  console.log("revisions  " + languages.map((language) => `.${language} ms`.padStart(9)).join(""));
  for (const count of counts) {
    const times = languages.map((language) => {
      const folder = join(root, `${language}-${count}`);
      writeChain(folder, language, count);
      return measure(folder, count);
    });
    console.log(String(count).padStart(9) + "  " + times.map((ms) => ms.toFixed(1).padStart(9)).join(""));
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

function writeChain(folder: string, language: RevisionLanguage, count: number): void {
  mkdirSync(folder);
  for (let index = 0; index < count; index += 1) {
    writeRevisionFile(
      newRevisionFile({
        folder,
        revision: idOf(index),
        revises: index === 0 ? [] : [idOf(index - 1)],
        message: `add the columns of change ${index} to the table`,
        created: new Date(Date.UTC(2025, 0, 1, 0, index)),
        language,
        upgrade: bodies[language],
      }),
    );
  }
}

function idOf(index: number): string {
  return index.toString(16).padStart(12, "0");
}

function measure(folder: string, count: number): number {
  const times = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    const found = readRevisions([folder]);
    if (found.length !== count) throw new Error(`${found.length} instead of ${count} revisions`);
    return performance.now() - begin;
  });
  return Math.min(...times);
}
