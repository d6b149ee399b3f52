import type { CommandContext } from "../command.ts";
import type { Output } from "../output.ts";
import { plural } from "../words.ts";
import { shownPath } from "../workspace.ts";
import type { Copy } from "./copy.ts";
import type { FileAction } from "./decide.ts";
import type { FileChange } from "./file-changes.ts";
import { isConflict, isPlainUpdate, type FileStatus } from "./file-status.ts";
import { textDiff } from "./text-diff.ts";

type Actions = ReadonlyMap<FileChange, FileAction>;

/** What would be created, and the differences of what would change. */
export function tellDryRun(copy: Copy, context: CommandContext): void {
  const { output } = context;
  for (const change of copy.changes) {
    if (change.status === "new") output.info(`create ${change.path}`);
    else if (isPlainUpdate(change.status) || isConflict(change.status)) showDifference(change, output);
    else if (STAYING.has(change.status))
      output.info(`${change.path} (${words(change.status)}) stays as it is`);
  }
  tellByHand(copy, context);
  tellNext(copy, output);
  output.info("a dry run: nothing was changed");
}

/** What was done, and what a person should know of the rest. */
export function tellCopied(copy: Copy, actions: Actions, context: CommandContext): void {
  const { path, template, configuration } = copy;
  const { output } = context;
  const all = [...actions];
  const files = all.filter(([{ file }]) => file !== configuration.file);
  const count = (action: FileAction): number => files.filter(([, taken]) => taken === action).length;
  for (const [action, verb] of [
    ["create", "copied"],
    ["overwrite", "changed"],
    ["delete", "deleted"],
  ] as const) {
    if (count(action) > 0) {
      output.info(`${verb} ${plural(count(action), "file")} in ${path} (wellhead ${template.version})`);
    }
  }
  for (const [{ path, status, file }, action] of all) {
    const isConfiguration = file === configuration.file;
    if (isConfiguration && action === "create") output.info(`created ${path}`);
    if (isConfiguration && action === "overwrite") output.info(`changed ${path}`);
    if (action === "leave" || STAYING.has(status)) output.info(`${path} (${words(status)}) stays as it is`);
  }
  if (all.every(([, action]) => action === "none"))
    output.info(`${path} is up to date with wellhead ${template.version}`);
  tellByHand(copy, context);
  tellNext(copy, output);
}

const STAYING: ReadonlySet<FileStatus> = new Set(["edited-here", "deleted-here"]);

/** What the file would become, as a unified diff. */
export function showDifference({ path, status, here, upstream }: FileChange, output: Output): void {
  output.info(`${path} (${words(status)})`);
  for (const line of textDiff(path, here ?? "", upstream ?? "", output)) output.info(line);
}

function tellByHand({ configuration }: Copy, { output, cwd }: CommandContext): void {
  if (configuration.kind !== "by-hand") return;
  const folders = configuration.folders.map((folder) => JSON.stringify(folder)).join(", ");
  output.note(`write this into ${shownPath(cwd, configuration.file)} yourself: migrations: [${folders}]`);
}

/** What to type next: nothing is installed here. */
function tellNext({ path, install, record }: Copy, output: Output): void {
  for (const { name, range, needed } of install.outdated) {
    output.note(
      `package.json has ${name} ${range}, and the copied code needs ${needed}: see what else uses it before you install`,
    );
  }
  const isFirst = record === undefined;
  const commands = [
    ...install.commands,
    ...(isFirst ? [`node ${path}/server.ts --upgrade heads`, `npx vitest run --root ${path}`] : []),
  ];
  if (commands.length > 0) output.info("next:");
  for (const command of commands) output.info(`  ${command}`);
}

function words(status: FileStatus): string {
  return status.replaceAll("-", " ");
}

/** The answer as data. */
export function copyDocument(
  copy: Copy,
  actions: ReadonlyMap<FileChange, FileAction>,
  { dryRun }: { readonly dryRun: boolean },
): Record<string, unknown> {
  const { path, template, record, configuration, changes, install } = copy;
  return {
    module: "backend",
    folder: path,
    version: template.version,
    copiedVersion: record?.version ?? null,
    dryRun,
    files: changes.map((change) => ({
      path: change.path,
      status: change.status,
      action: actions.get(change) ?? "none",
    })),
    configuration: { kind: configuration.kind, migrations: configuration.folders },
    install: install.commands,
    outdated: install.outdated,
  };
}
