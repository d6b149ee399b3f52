import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { runCli } from "../support/run-cli.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the backend's revisions produce what its Drizzle tables declare", async () => {
  const { exitCode, stdout } = await runCli(["check", "--only", "models"], { cwd: root });
  expect(stdout).toMatch(/^ok +models: No new upgrade operations detected\. The revisions produce backend/);
  expect(exitCode).toBe(0);
});
