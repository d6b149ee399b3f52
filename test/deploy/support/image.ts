import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";

/** An instruction of a Dockerfile, in the shell's form or as a list of words. */
interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** The last stage of a Dockerfile: the image. */
export interface Image {
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly command: readonly [string, ...string[]];
  readonly healthCheck: readonly [string, ...string[]];
  /** The stages before, each with the commands that it runs. */
  readonly stages: ReadonlyMap<string, readonly string[]>;
  /** Fills a folder with what is copied into the image's working directory. */
  fill(folder: string, sources: ImageSources): void;
}

/** Where its files come from. */
interface ImageSources {
  /** The folder that the image is built from. */
  readonly context: string;
  /** For each stage before, a folder that stands for its `/app`. */
  readonly stages: Readonly<Record<string, string>>;
}

/** Reads as much of a Dockerfile as ours uses; an instruction beyond that is an error. */
export function readImage(dockerfile: string): Image {
  const instructions = instructionsOf(dockerfile);
  const last = instructions.findLastIndex(({ keyword }) => keyword === "FROM");
  const stages = new Map<string, string[]>();
  let commands: string[] = [];
  for (const { keyword, text } of instructions.slice(0, last)) {
    if (keyword === "FROM") stages.set(/ AS (\w+)$/.exec(text)?.[1] ?? "", (commands = []));
    if (keyword === "RUN") commands.push(text);
  }
  const image = instructions.slice(last + 1);
  const known = new Set(["ENV", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD"]);
  const unknown = image.find(({ keyword }) => !known.has(keyword));
  if (unknown !== undefined) throw new Error(`This test cannot do ${unknown.keyword} ${unknown.text}`);
  const textOf = (keyword: string): string => image.find((each) => each.keyword === keyword)?.text ?? "";
  return {
    env: Object.fromEntries(
      textOf("ENV")
        .split(" ")
        .map((pair) => pair.split("=") as [string, string]),
    ),
    user: textOf("USER") || undefined,
    command: wordList(textOf("CMD")),
    healthCheck: wordList(textOf("HEALTHCHECK").replace(/^.* CMD /, "")),
    stages,
    fill: (folder, sources) => {
      for (const { keyword, text } of image) if (keyword === "COPY") copy(text, folder, sources);
    },
  };
}

function instructionsOf(dockerfile: string): readonly Instruction[] {
  return dockerfile
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, keyword = "", text = ""] = /^(\w+) (.*)$/.exec(line) ?? [];
      return { keyword, text };
    });
}

function wordList(text: string): readonly [string, ...string[]] {
  return JSON.parse(text) as [string, ...string[]];
}

function copy(text: string, folder: string, { context, stages }: ImageSources): void {
  const words = text.split(" ");
  const stage = /^--from=(.*)$/.exec(words[0] ?? "")?.[1];
  const [to = "", ...from] = (stage === undefined ? words : words.slice(1)).toReversed();
  const root = stage === undefined ? context : stages[stage];
  if (root === undefined) throw new Error(`There is no stage ${stage}`);
  const isIgnored = stage === undefined ? ignoring(context) : () => false;
  for (const source of from) {
    const path = join(root, source.replace(/^\/app(?:\/|$)/, ""));
    // Docker fails when a source is not there, or ignored.
    if (!existsSync(path) || isIgnored(source)) throw new Error(`COPY ${text}: there is no ${source}`);
    const target = join(folder, to, to.endsWith("/") && !statSync(path).isDirectory() ? basename(path) : "");
    if (statSync(path).isDirectory()) mkdirSync(target, { recursive: true });
    cpSync(path, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !isIgnored(relative(root, file).replaceAll(sep, "/")),
    });
  }
}

/** What `.dockerignore` keeps out: paths from the root, and with `**` in front names at any depth. */
function ignoring(context: string): (path: string) => boolean {
  const patterns = readFileSync(join(context, ".dockerignore"), "utf8").trim().split("\n");
  const names = new Set(patterns.filter((each) => each.startsWith("**/")).map((each) => each.slice(3)));
  const paths = patterns.filter((each) => !each.startsWith("**/"));
  return (path) =>
    path.split("/").some((name) => names.has(name)) ||
    paths.some((each) => path === each || path.startsWith(`${each}/`));
}
