import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import * as wellhead from "../src/index.ts";

const source = join(import.meta.dirname, "../src");
const index = readFileSync(join(source, "index.ts"), "utf8");

test("every public name is listed, and nothing comes along with a whole room", () => {
  expect(index).not.toContain("export *");
  const listed = publicNames().filter(({ isType }) => !isType);
  expect(Object.keys(wellhead).toSorted()).toEqual(listed.map(({ name }) => name).toSorted());
});

test("what is not an error is this", () => {
  const names = Object.keys(wellhead).filter((name) => !name.endsWith("Error"));
  expect(names.toSorted()).toEqual([
    "acceptEdited",
    "bannerLine",
    "checkWritable",
    "connectivityFailedLine",
    "connectivityOkLine",
    "databaseUrlWarning",
    "defineConfig",
    "doctor",
    "downgrade",
    "findConfiguration",
    "loadMigrations",
    "offlineSql",
    "offlineStampSql",
    "openDatabase",
    "parseDatabaseUrl",
    "parseMigrationDatabaseUrl",
    "readDatabaseState",
    "readLedger",
    "readStatus",
    "stamp",
    "upgrade",
    "waitForHeads",
  ]);
});

test("every public name says what it is", () => {
  const texts = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(source, file), "utf8"));
  const isDocumented = (name: string): boolean => {
    const declaration = new RegExp(
      String.raw`\*/\nexport (abstract |async )*(class|function|const|interface|type) ${name}\b`,
      "u",
    );
    return texts.some((text) => declaration.test(text));
  };
  expect(publicNames().filter(({ name }) => !isDocumented(name))).toEqual([]);
});

function publicNames(): { readonly name: string; readonly isType: boolean }[] {
  return [...index.matchAll(/^export (type )?\{([^}]*)\} from/gmu)].flatMap(([, type, list = ""]) =>
    list
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "")
      .map((entry) => ({
        name: entry.replace("type ", ""),
        isType: type !== undefined || entry.startsWith("type "),
      })),
  );
}
