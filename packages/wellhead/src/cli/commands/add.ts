import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { findConfiguration } from "../../configuration/index.ts";
import { RevisionGraph } from "../../graph/index.ts";
import type { Migrations } from "../../migrate/index.ts";
import { readRevisions, readStaticRevisions } from "../../revisions/index.ts";
import { joinProject, type ConfigurationChange } from "../add/configuration-change.ts";
import { carryOut, writeRecord, type Copy } from "../add/copy.ts";
import { readRecord } from "../add/copy-record.ts";
import { actionByFlags, decide } from "../add/decide.ts";
import { fileChanges, type FileChange } from "../add/file-changes.ts";
import { findManifest, installation } from "../add/project-manifest.ts";
import { copyDocument, showDifference, tellCopied, tellDryRun } from "../add/tell.ts";
import { readTemplate, type Template } from "../add/template.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { NotAFolderError, UsageError } from "../errors.ts";
import { shownPath } from "../workspace.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const {
    arguments: [module],
    options,
    output,
  } = context;
  if (module !== "backend") {
    throw new UsageError(`there is no module "${module}"`, "what can be added: backend");
  }
  const copy = await prepare(context);
  const flags = { yes: flagOption(options, "yes"), force: flagOption(options, "force") };
  if (flagOption(options, "dryRun")) {
    const actions = new Map(copy.changes.map((change) => [change, actionByFlags(change, flags) ?? "leave"]));
    tellDryRun(copy, context);
    return { json: copyDocument(copy, actions, { dryRun: true }) };
  }
  const show = (change: FileChange): void => showDifference(change, output);
  const actions = await decide(copy.changes, { ...flags, ask: context.ask, show });
  if (actions === undefined) {
    output.info("nothing was changed");
    return { json: undefined, exitCode: 1 };
  }
  if (flags.yes || flags.force) {
    for (const [change, action] of actions) if (action === "overwrite" || action === "delete") show(change);
  }
  carryOut(actions);
  writeRecord(copy, actions);
  tellCopied(copy, actions, context);
  return { json: copyDocument(copy, actions, { dryRun: false }) };
}

async function prepare({ cwd, options }: CommandContext): Promise<Copy> {
  const folder = resolve(cwd, textOption(options, "dir") ?? "backend");
  const path = shownPath(cwd, folder);
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw new NotAFolderError(path);
  const template = readTemplate();
  const record = readRecord(folder, path);
  const found = await findConfiguration(cwd, textOption(options, "config"));
  const migrations = join(folder, "migrations");
  const { others, change: configuration } = joinProject(migrations, cwd, found);
  refuseBrokenGraph(others, migrations, template);
  return {
    folder,
    path,
    template,
    record,
    configuration,
    changes: [
      ...fileChanges(folder, cwd, template, record),
      ...configurationFile(configuration, shownPath(cwd, configuration.file)),
    ],
    install: installation(template, findManifest(cwd)),
  };
}

/** A label or an id that the project has already would break every command: that is told before anything is written. */
function refuseBrokenGraph(others: Migrations, folder: string, { files }: Template): void {
  const added = readStaticRevisions(
    Object.entries(files)
      .filter(([name]) => name.startsWith("migrations/"))
      .map(([path, text]) => ({ path, text })),
  );
  const ids = new Set(added.map(({ revision }) => revision));
  const own = existsSync(folder) ? readRevisions([folder]) : [];
  RevisionGraph.of([...others.files.values(), ...own.filter(({ revision }) => !ids.has(revision)), ...added]);
}

function configurationFile(change: ConfigurationChange, path: string): readonly FileChange[] {
  if (change.kind === "none" || change.kind === "by-hand") return [];
  const { file, kind, from, to } = change;
  const status = kind === "create" ? "new" : "to-be-extended";
  return [{ path, name: "", file, status, here: kind === "create" ? undefined : from, upstream: to }];
}
