import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/temporary-folder.ts";

const room = new URL("../../src/revisions/index.ts", import.meta.url);
const script = `
  import { loadModuleRevision } from ${JSON.stringify(room.href)};
  const [, path] = process.argv;
  const told = await loadModuleRevision({ file: process.cwd() + "/" + path, path }).then(
    (module) => ({ exports: Object.keys(module) }),
    (error) => error.toJSON(),
  );
  console.log(JSON.stringify(told));`;

/** In a process of its own: the test runner loads modules in its own way, and has other errors. */
function load(files: Readonly<Record<string, string>>, path: string, ...flags: readonly string[]): unknown {
  const options = [
    ...flags,
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "--eval",
    script,
    path,
  ];
  const printed = execFileSync(process.execPath, options, {
    cwd: temporaryFolder({ "package.json": '{ "type": "module" }', ...files }),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(printed);
}

const head = "// revision: a\n\n";

test("a module gives its two functions", () => {
  const upgrade = "export async function upgrade(db: unknown): Promise<void> {}\n";
  const both = `${head}${upgrade}export const downgrade = async (): Promise<void> => {};\n`;
  expect(load({ "a.ts": both }, "a.ts")).toEqual({ exports: ["upgrade", "downgrade"] });
  expect(load({ "a.ts": head + upgrade }, "a.ts")).toEqual({ exports: ["upgrade"] });
});

test("a module may import a type of a package that is not installed", () => {
  const text =
    'import type { RevisionDatabase } from "wellhead";\nexport async function upgrade(db: RevisionDatabase) {}\n';
  expect(load({ "a.ts": text }, "a.ts")).toEqual({ exports: ["upgrade"] });
});

describe("a module is refused", () => {
  test.each([
    ["without an upgrade", "export const x = 1;", undefined, "exports no function `upgrade`"],
    [
      "with an upgrade that is no function",
      "export const upgrade = 1;",
      undefined,
      "`upgrade` is no function",
    ],
    [
      "with a downgrade that is none",
      "export function upgrade() {}\nexport const downgrade = 1;",
      undefined,
      "`downgrade`",
    ],
    ["with an enum", "enum A { b }\nexport async function upgrade() {}", 3, "enum is not supported"],
    ["with TypeScript that cannot be read", "\nconst x: = 1;", 4, "cannot be read"],
    [
      "with an import that is not there",
      'import { x } from "./helper";',
      3,
      "It imports helper, which is not there.",
    ],
    [
      "with a package that is not there",
      '\nimport x from "no-such-package";',
      4,
      "It imports no-such-package",
    ],
    ["with a name that is not there", 'import { nope } from "node:fs";', 3, "It imports `nope`"],
    ["with an error at its top level", 'throw new Error("boom");', 3, "Its top level failed: boom"],
    ["with something else thrown there", 'throw "boom";', undefined, "Its top level threw boom"],
  ])("%s", (_, text, line, words) => {
    const told = load({ "a.ts": head + text }, "a.ts");
    expect(told).toMatchObject({ code: "E_REVISION_MODULE", path: "a.ts", hint: expect.any(String) });
    expect(told).toMatchObject(line === undefined ? {} : { line });
    expect(told).toMatchObject({ message: expect.stringContaining(words) });
  });

  test("for what is wrong in a file that it imports", () => {
    const files = { "a.ts": 'import "./b.ts";\n', "b.ts": '\nimport "./c.ts";\n' };
    expect(load(files, "a.ts")).toMatchObject({
      path: "b.ts",
      line: 2,
      message: "b.ts:2: It imports c.ts, which is not there.",
    });
  });

  test("in a package of CommonJS modules", () => {
    const files = {
      "package.json": '{ "type": "commonjs" }',
      "a.ts": `${head}export async function upgrade() {}\n`,
    };
    expect(load(files, "a.ts")).toMatchObject({
      message: "a.ts:3: Node takes it for a CommonJS module.",
      hint: expect.stringContaining('"type": "module"'),
    });
  });

  test("below node_modules", () => {
    const path = join("node_modules", "x", "a.ts");
    expect(load({ [path]: "export async function upgrade() {}" }, path)).toMatchObject({
      code: "E_REVISION_MODULE",
      message: `${path}: Node does not run TypeScript below a node_modules folder.`,
    });
  });
});

test("a Node that does not run TypeScript is told as such", () => {
  // The room itself is TypeScript here, so only the revision's loading is without: by an unknown ending.
  const told = load({ "a.tsx": "export async function upgrade() {}" }, "a.tsx");
  expect(told).toMatchObject({ message: "a.tsx: This Node does not run TypeScript." });
  expect(fileURLToPath(room)).toMatch(/index\.ts$/u);
});
