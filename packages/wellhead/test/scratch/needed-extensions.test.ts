import { describe, expect, test } from "vitest";
import { MissingExtensionError, neededExtensions } from "../../src/scratch/index.ts";

const script = (text: string) => ({ text, line: 4, path: "migrations/a.sql" });

describe("the extensions that scripts need", () => {
  test("are those that they create, each once", async () => {
    const needed = await neededExtensions([
      script("CREATE TABLE t (n int);\ncreate extension if not exists pg_trgm with schema public"),
      script('CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION pg_trgm; CREATE EXTENSION plpgsql'),
      script("SELECT 1 -- create extension of the house"),
    ]);
    expect(needed).toEqual(["pg_trgm", "uuid-ossp"]);
  });

  test("are found in DO blocks and in the strings of TypeScript", async () => {
    const needed = await neededExtensions([
      script("DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS citext; END $$"),
      script("export const upgrade = (db) => db.run(`CREATE EXTENSION hstore`);"),
    ]);
    expect(needed).toEqual(["citext", "hstore"]);
  });

  test("are refused with file and line where the embedded Postgres lacks them", async () => {
    const error = await neededExtensions([script("SELECT 1;\n-- maps\nCREATE EXTENSION postgis;")]).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MissingExtensionError);
    expect(error).toMatchObject({
      code: "E_SCRATCH_EXTENSION",
      extension: "postgis",
      path: "migrations/a.sql",
      line: 6,
      hint: expect.stringContaining("--scratch-url"),
    });
  });
});
