// docs/cli.md against the command line: nothing is missing in it, and what it shows is what is printed.
// WRITE_DOCS=1 writes what is printed into its examples.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, onTestFinished, test } from "vitest";

import { commands, globalOptions } from "../../packages/wellhead/src/cli/commands.ts";
import { runCli } from "../../packages/wellhead/src/cli/run-cli.ts";
import { temporaryFolder } from "../support/migrations-folder.ts";
import { createTestDatabase, testServers } from "../support/test-database.ts";
import { compactJson } from "./support/compact-json.ts";
import {
  isOutput,
  readTranscript,
  withoutAccidents,
  withOutputs,
  writeRevisionText,
} from "./support/transcript.ts";

const page = fileURLToPath(new URL("../../docs/cli.md", import.meta.url));
const sources = fileURLToPath(new URL("../../packages/wellhead/src", import.meta.url));
const markdown = readFileSync(page, "utf8");
const sections = sectionsOf(markdown);
const shared = sections.get("Options that several commands share") ?? "";

describe("docs/cli.md", () => {
  test.for(commands.map(({ name }) => name))("has a section on %s, with an example", (name) => {
    expect(sections.get(name)).toContain(`wellhead ${name}`);
  });

  test.for(commands)(
    "$name: every option is in its section, or among the shared ones",
    ({ name, options = [] }) => {
      const text = `${sections.get(name)}${shared}`;
      expect(options.map(longFlag).filter((flag) => !text.includes(flag))).toEqual([]);
    },
  );

  test("has the options that every command takes", () => {
    expect(globalOptions.map(longFlag).filter((flag) => !shared.includes(flag))).toEqual([]);
  });

  test("lists every error code of the sources, each once, and none besides", () => {
    const listed = [...markdown.matchAll(/^\| `(E_\w+)` \|/gm)].map(([, code]) => code);
    expect(listed.toSorted()).toEqual(codesInSources());
  });

  test.skipIf(testServers.length === 0)(
    "shows what is printed, from its first example to its last",
    async () => {
      const outputs = await playTranscript();
      const commandsShown = readTranscript(markdown).filter((step) => step.kind === "command");
      if (process.env["WRITE_DOCS"] === "1") return writeFileSync(page, withOutputs(markdown, outputs));
      for (const [index, { argv, output, line }] of commandsShown.entries()) {
        const seen = outputs[index] ?? "";
        if (isOutput(output, seen)) continue;
        expect(withoutAccidents(seen), `docs/cli.md:${line}: wellhead ${argv.join(" ")}`).toBe(
          withoutAccidents(output),
        );
      }
    },
    120_000,
  );
});

/** What each command of the page prints, on both streams, when its reader follows it in an empty folder. */
async function playTranscript(): Promise<readonly string[]> {
  const { url, close } = await createTestDatabase();
  onTestFinished(close);
  const cwd = temporaryFolder();
  process.chdir(cwd);
  const outputs: string[] = [];
  for (const step of readTranscript(markdown)) {
    if (step.kind === "revision") {
      writeRevisionText(join(cwd, "migrations"), step.revision, step.text);
      continue;
    }
    let output = "";
    const stream = { write: (text: string) => (output += text) };
    await runCli(step.argv, { stdout: stream, stderr: stream, env: { DATABASE_URL: url }, cwd });
    outputs.push(forReaders(step.argv.includes("--json") ? compactJson(output) : output));
  }
  return outputs;
}

/** With a host and a database that a reader could have. */
function forReaders(output: string): string {
  return output
    .replaceAll(/wellhead@[\w.-]+/g, "wellhead@laptop")
    .replaceAll(/127\.0\.0\.1:\d+/g, "localhost:5432")
    .replaceAll(/wellhead_test_\w+/g, "shop");
}

/** The texts under the headings of the second and the third level, by the heading without its signs. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^(?=#{2,3} )/m).slice(1);
  return new Map(parts.map((part) => [/^#+ (.*)$/m.exec(part)?.[1]?.replaceAll("`", "") ?? "", part]));
}

function longFlag({ flags }: { readonly flags: string }): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

function codesInSources(): readonly string[] {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const text = files.map((name) => readFileSync(join(sources, name), "utf8")).join("\n");
  return [
    ...new Set([...text.matchAll(/["'`](E_[A-Z0-9_]*[A-Z0-9])["'`]/g)].map(([, code = ""]) => code)),
  ].toSorted();
}
