// The quick reading of a command line answers as the parser that knows all of them, or leaves it to that one.

import fc from "fast-check";
import { expect, test } from "vitest";

import { commands, globalOptions } from "../../src/cli/commands.ts";
import { readPlainly } from "../../src/cli/plain-command-line.ts";
import { readCommandLine } from "../../src/cli/program.ts";

const stream = { write: () => true };

async function readFully(argv: readonly string[]): Promise<unknown> {
  const reading = await readCommandLine(argv, { stdout: stream, stderr: stream });
  if (reading.kind !== "command") return reading.kind;
  return { command: reading.definition.name, arguments: reading.arguments, options: told(reading.options) };
}

/** Of what can be switched off with `--no-…` commander says `true` where nobody has said anything. */
function told(options: Readonly<Record<string, unknown>>): unknown {
  const isUnsaid = ([name, value]: [string, unknown]): boolean =>
    (name === "color" || name === "stamp") && value === true;
  return Object.fromEntries(Object.entries(options).filter((entry) => !isUnsaid(entry)));
}

test("whatever it reads, the full parser reads the same", async () => {
  const command = fc.constantFrom(...commands);
  const value = fc.constantFrom("heads", "a", "", "x y", "-", "--", "=", "-1", "--json", "a=b", "5");
  const words = command.chain((definition) => {
    const flags = [...globalOptions, ...(definition.options ?? [])].flatMap((option) =>
      [...option.flags.matchAll(/(?<!\S)--?[\w-]+/g)].map(([flag]) => flag),
    );
    const flag = fc.constantFrom(...flags);
    const word = fc.oneof(
      value,
      flag,
      fc.tuple(flag, value).map(([name, text]) => `${name}=${text}`),
      fc.tuple(flag, value).map(([name, text]) => `${name}${text}`),
    );
    return fc.array(word, { maxLength: 5 }).map((rest) => [definition.name, ...rest]);
  });
  await fc.assert(
    fc.asyncProperty(words, async (argv) => {
      const plain = readPlainly(argv);
      if (plain === undefined) return;
      const { definition, arguments: args, options } = plain;
      expect({ command: definition.name, arguments: args, options }).toEqual(await readFully(argv));
    }),
    { numRuns: 1500 },
  );
});

test.each(commands.flatMap(({ examples }) => examples.filter((line) => !/["$>]/.test(line))))(
  "it reads the example `%s` by itself",
  async (line) => {
    const [, ...argv] = line.split(" ");
    const plain = readPlainly(argv);
    // A target such as -1 looks like an option, -r-3: is an option and its value, --git takes several.
    if (argv.some((word) => /^-\w?-?\d|^--git$/.test(word))) return expect(plain).toBeUndefined();
    expect(plain?.definition.name).toBe(argv[0]);
  },
);

test.each([
  [[]],
  [["upgrad"]],
  [["--json", "heads"]],
  [["heads", "--help"]],
  [["heads", "extra"]],
  [["show"]],
])("it leaves %j to the full parser", (argv) => {
  expect(readPlainly(argv)).toBeUndefined();
});
