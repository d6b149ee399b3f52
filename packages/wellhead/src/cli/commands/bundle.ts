import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { revisionText, type RevisionFile } from "../../revisions/index.ts";
import { textOption } from "../command-options.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { NotABundleError } from "../errors.ts";
import { plural } from "../words.ts";
import { shownPath } from "../workspace.ts";
import { writing } from "../writing.ts";

const DEFAULT_FILE = "migrations.bundle.mjs";
const MARK = "// Written by `wellhead bundle`";

export async function run({ options, output, cwd, workspace }: CommandContext): Promise<CommandOutcome> {
  const files = [...(await workspace()).migrations().files.values()];
  const out = resolve(cwd, textOption(options, "out") ?? DEFAULT_FILE);
  const path = shownPath(cwd, out);
  writing(path, () => {
    if (existsSync(out) && !readFileSync(out, "utf8").startsWith(MARK)) throw new NotABundleError(path);
    writeFileSync(out, bundleText(files, out));
  });
  output.info(`bundled ${plural(files.length, "revision")} into ${path}`);
  return { json: { file: path, revisions: files.map(({ revision }) => revision) } };
}

/** The module: a list that `upgrade({ migrations })` takes. The modules of `.ts` revisions are imported, for a bundler to follow. */
function bundleText(files: readonly RevisionFile[], out: string): string {
  const isTyped = /\.[mc]?ts$/.test(out);
  const modules = new Map(
    files.filter(({ language }) => language === "ts").map(({ file }, index) => [file, `module${index + 1}`]),
  );
  return [
    `${MARK}: all revisions, for an app that is bundled. Run it again when they change.`,
    ...(isTyped ? ['import type { StaticRevision } from "wellhead";'] : []),
    ...[...modules].map(
      ([file, name]) => `import * as ${name} from ${JSON.stringify(specifier(out, file))};`,
    ),
    "",
    ...(isTyped ? [] : ['/** @type {import("wellhead").StaticRevision[]} */']),
    `const revisions${isTyped ? ": readonly StaticRevision[]" : ""} = [`,
    ...files.map((file) => `  ${entry(file, modules.get(file.file))},`),
    "];",
    "",
    "export default revisions;",
    "",
  ].join("\n");
}

function entry(file: RevisionFile, module: string | undefined): string {
  // A template literal would turn CRLF into LF, and the text must stay what it is.
  const facts = [`path: ${JSON.stringify(file.path)}`, `text: ${JSON.stringify(revisionText(file))}`];
  return `{ ${[...facts, ...(module === undefined ? [] : [`module: ${module}`])].join(", ")} }`;
}

/** The file as the module names it: relative, so that the folder may move. */
function specifier(out: string, file: string): string {
  const path = relative(dirname(out), file).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
