import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a reader would do next: type a command, or write the text of a revision into its file. */
export type TranscriptStep =
  | {
      readonly kind: "command";
      readonly argv: readonly string[];
      readonly output: string;
      readonly line: number;
    }
  | { readonly kind: "revision"; readonly revision: string; readonly text: string };

/**
 * The steps that a page shows, from top to bottom: `$ wellhead …` and its output in blocks marked `console`, and
 * revisions, which are blocks that begin with `-- revision: ID`.
 */
export function readTranscript(markdown: string): readonly TranscriptStep[] {
  return [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([block, language = "", text = ""]) => {
    const start = markdown.slice(0, markdown.indexOf(block)).split("\n").length + 1;
    if (language === "console") return commandsOf(text, start);
    const revision = /^-- revision: (\S+)$/m.exec(text)?.[1];
    return revision === undefined ? [] : [{ kind: "revision" as const, revision, text }];
  });
}

function commandsOf(text: string, start: number): TranscriptStep[] {
  const parts = text.split(/^(?=\$ )/m);
  let line = start;
  return parts.map((part) => {
    const [command = "", ...output] = part.split("\n");
    const step = { kind: "command" as const, argv: wordsOf(command), output: output.join("\n"), line };
    line += output.length;
    return step;
  });
}

function wordsOf(command: string): readonly string[] {
  const [prompt, name, ...words] = [...command.matchAll(/"([^"]*)"|\S+/g)].map(
    ([word, quoted]) => quoted ?? word,
  );
  if (prompt !== "$" || name !== "wellhead") throw new Error(`Not a command line of Wellhead: ${command}`);
  return words;
}

/** The page with the outputs that were seen, in the order of its commands, where they are not what it shows. */
export function withOutputs(markdown: string, outputs: readonly string[]): string {
  let index = 0;
  return markdown.replaceAll(/^```console\n([^]*?)^```$/gm, (_, text: string) => {
    const parts = text.split(/^(?=\$ )/m).map((part) => {
      const [command = "", ...shown] = part.split("\n");
      const seen = outputs[index] ?? "";
      index += 1;
      return `${command}\n${isOutput(shown.join("\n"), seen) ? shown.join("\n") : seen}`;
    });
    return `\`\`\`console\n${parts.join("")}\`\`\``;
  });
}

/** Whether `seen` is what a page shows as `shown`: a line `…` stands for any lines, and times and hosts differ. */
export function isOutput(shown: string, seen: string): boolean {
  const pieces = withoutAccidents(shown).split(/^[ \t]*…\n/m);
  const pattern = pieces
    .map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join("(?:.*\n)*?");
  return new RegExp(`^${pattern}$`).test(withoutAccidents(seen));
}

/** The text without what is different each time. */
export function withoutAccidents(text: string): string {
  return text
    .replaceAll(/"(durationMs|waitedMs)": ?[\d.]+/g, '"$1":1')
    .replaceAll(/ +\d+(?:\.\d+)? (?:ms|s)\b */g, " 1 ms ")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "2026-01-01T00:00:00.000Z")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "0".repeat(64))
    .replaceAll(/\b\d+ files\b/g, "9 files")
    .replaceAll(/wellhead@[\w.-]+/g, "wellhead@host");
}

/** Writes the revision's text into the file that a command before has made. */
export function writeRevisionText(folder: string, revision: string, text: string): void {
  const name = readdirSync(folder).find((name) => name.startsWith(`${revision}_`));
  if (name === undefined) throw new Error(`No command before makes a file for the revision ${revision}.`);
  writeFileSync(join(folder, name), text);
}
