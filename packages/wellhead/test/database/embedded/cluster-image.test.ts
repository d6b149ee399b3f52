import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { emptyCluster, PGLITE_VERSION } from "../../../src/database/embedded/cluster-image.ts";
import { packTar, unpackTar, type TarEntry } from "../../../src/database/embedded/tar.ts";

test("the image is for the version of PGlite that is installed", () => {
  const pglite = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(pglite), "..", "package.json"), "utf8"));
  expect(manifest).toMatchObject({ version: PGLITE_VERSION });
});

test("the image holds a cluster, its empty folders too", async () => {
  const entries = [...unpackTar(await emptyCluster())];
  const paths = entries.map((entry) => entry.path);
  expect(paths).toContain("PG_VERSION");
  expect(paths).toContain("global/pg_control");
  expect(entries.find((entry) => entry.path === "pg_replslot")).toEqual({
    kind: "folder",
    path: "pg_replslot",
  });
});

const entries: readonly TarEntry[] = [
  { kind: "folder", path: "a" },
  { kind: "file", path: "a/empty", contents: Buffer.alloc(0) },
  { kind: "file", path: "a/block", contents: Buffer.alloc(512, 1) },
  { kind: "file", path: "a/ä", contents: Buffer.from("text") },
  { kind: "folder", path: "a/b" },
];

test("an archive gives back what went in", () => {
  const back = [...unpackTar(packTar(entries))];
  const plain = (list: readonly TarEntry[]) =>
    list.map((entry) => (entry.kind === "file" ? { ...entry, contents: [...entry.contents] } : entry));
  expect(plain(back)).toEqual(plain(entries));
});

test("equal entries give equal archives", () => {
  expect(packTar(entries).equals(packTar(entries))).toBe(true);
});

test("an archive that was cut short is an error", () => {
  expect(() => [...unpackTar(packTar(entries).subarray(0, 3 * 512 + 100))]).toThrow("ends inside a/block");
});

test("a path that does not fit is an error", () => {
  expect(() => packTar([{ kind: "folder", path: "x".repeat(100) }])).toThrow("path too long");
});
