import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { migrationsFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";

const base = { id: "base", upgrade: 'CREATE TABLE "user" (id serial PRIMARY KEY, email text NOT NULL);' };
const clash = [
  base,
  { id: "aa11", revises: "base", upgrade: 'ALTER TABLE "user" ADD full_name text;' },
  { id: "bb22", revises: "base", upgrade: 'ALTER TABLE "user" ADD full_name text;' },
];

describe("merge proves first", () => {
  test("heads that clash are refused with the statement, and nothing is written unless it is asked for", async () => {
    const cwd = migrationsFolder(...clash);
    const refused = await runCli(["merge", "--dir", ".", "--json"], { cwd });
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({
      error: {
        code: "E_HEADS_CONFLICT",
        hint: expect.stringContaining("--unproved"),
        pairs: [
          {
            heads: ["aa11", "bb22"],
            orders: [{ error: { code: "42701", path: "bb22.sql" } }, { ok: false }],
          },
        ],
      },
    });
    expect(readdirSync(cwd)).toHaveLength(3);
    expect(await runCli(["merge", "--dir", ".", "--unproved", "--rev-id", "m1"], { cwd })).toMatchObject({
      exitCode: 0,
    });
    expect(readFileSync(join(cwd, "m1_merge_heads.sql"), "utf8")).toContain(
      "-- proved: no, written with --unproved\n",
    );
  });

  test("heads of which only ids differ are joined when that is accepted; the proof stands in the file", async () => {
    const insert = (email: string): string => `INSERT INTO "user" (email) VALUES ('${email}');`;
    const cwd = migrationsFolder(
      base,
      { id: "aa11", revises: "base", upgrade: insert("a") },
      { id: "bb22", revises: "base", upgrade: insert("b") },
    );
    const refused = await runCli(["merge", "--dir", "."], { cwd });
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("merge --accept ids aa11 bb22"),
    });
    const merged = await runCli(["merge", "--dir", ".", "--accept", "ids", "--rev-id", "m1"], { cwd });
    expect(merged).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(cwd, "m1_merge_heads.sql"), "utf8")).toContain(
      "-- proved: commute: aa11, bb22, but for ids\n",
    );
  });
});
