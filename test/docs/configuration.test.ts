import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { configurationPage, environmentExample } from "./support/configuration-page.ts";
import { SETTINGS } from "../../backend/settings/table.ts";

const BACKEND = fileURLToPath(new URL("../../backend", import.meta.url));

test("docs/configuration.md is what the table of settings says", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../../docs/configuration.md");
});

test(".env.example is what the table of settings says", async () => {
  await expect(environmentExample()).toMatchFileSnapshot("../../.env.example");
});

test("the environment is read through the table alone", () => {
  const files = readdirSync(BACKEND, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/^(test|template|node_modules)\//.test(file),
  );
  const readers = files.filter((file) => /env(\.|\[")[A-Z]/.test(readFileSync(join(BACKEND, file), "utf8")));
  expect(readers).toEqual([]);
});

test("every default is a value that is allowed", () => {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    if (setting.default === undefined) continue;
    expect([name, setting.parse(setting.default)]).toEqual([name, setting.otherwise]);
  }
});
