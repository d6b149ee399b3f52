import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { temporaryFolder } from "./support/temporary-folder.ts";
import { thrown } from "./support/thrown.ts";
import {
  loadModuleRevision,
  loadSqlRevision,
  readRevisions,
  readStaticRevisions,
  upgradeChecksum,
} from "../../src/revisions/index.ts";

const sql =
  "-- revision: a1\n-- revises:\n-- message: one\n\n-- upgrade\nSELECT 1;\n-- downgrade\nSELECT 2;\n";
const ts = "// revision: b1\n// revises: a1\n// message: two\n\nexport async function upgrade() {}\n";
const py = '"""three"""\nrevision = "c1"\ndown_revision = "b1"\n';

describe("a static list of revisions", () => {
  test("is read as a folder with the same files is: heads, sections, checksums", () => {
    const texts = {
      "0001_a.sql": sql,
      "0002_b.ts": ts,
      "0003_c.py": py,
      "notes.txt": "nothing",
      "seed.sql": "SELECT 1;",
    };
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const fromFiles = readRevisions([folder]);
    const inMemory = readStaticRevisions(
      Object.entries(texts).map(([path, text]) => ({ path: `x/${path}`, text })),
    );
    expect(
      inMemory.map(({ revision, revises, message, language }) => ({ revision, revises, message, language })),
    ).toEqual(
      fromFiles.map(({ revision, revises, message, language }) => ({ revision, revises, message, language })),
    );
    expect(inMemory.map(upgradeChecksum)).toEqual(fromFiles.map(upgradeChecksum));
    expect(loadSqlRevision(inMemory[0]!)).toEqual(loadSqlRevision(fromFiles[0]!));
  });

  test("brings the modules of its .ts revisions along", async () => {
    const upgrade = async (): Promise<void> => undefined;
    const [file] = readStaticRevisions([{ path: "b.ts", text: ts, module: { upgrade } }]);
    expect((await loadModuleRevision(file!)).upgrade).toBe(upgrade);
    const [without] = readStaticRevisions([{ path: "b.ts", text: ts }]);
    await expect(loadModuleRevision(without!)).rejects.toMatchObject({
      code: "E_REVISION_MODULE",
      path: "b.ts",
    });
  });

  test("a byte order mark is no part of a head, and a text that lost its head is refused", () => {
    expect(readStaticRevisions([{ path: "a.sql", text: `\uFEFF${sql}` }])).toMatchObject([
      { revision: "a1" },
    ]);
    expect(
      thrown(() => readStaticRevisions([{ path: "0001_a.sql", text: "-- upgrade\nSELECT 1;" }])),
    ).toMatchObject({
      code: "E_REVISION_HEAD_MISSING",
    });
  });
});
