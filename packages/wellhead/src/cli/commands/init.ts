import { existsSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CONFIGURATION_NAMES } from "../../configuration/index.ts";
import { makeFolder } from "../../revisions/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { textOption } from "../command-options.ts";
import { configurationName, configurationText } from "../configuration-text.ts";
import { NotAFolderError } from "../errors.ts";
import { shownPath } from "../workspace.ts";
import { writing } from "../writing.ts";

/** Makes what is missing and leaves what is there: it can be run again. */
export async function run({
  arguments: [named],
  options,
  output,
  cwd,
}: CommandContext): Promise<CommandOutcome> {
  const folder = named ?? textOption(options, "dir") ?? "migrations";
  const absolute = resolve(cwd, folder);
  const existing = CONFIGURATION_NAMES.map((name) => join(cwd, name)).find((file) => existsSync(file));
  const configuration = existing ?? join(cwd, configurationName(cwd));
  if (existsSync(absolute) && !statSync(absolute).isDirectory())
    throw new NotAFolderError(shownPath(cwd, absolute));

  const created: string[] = [];
  const make = (path: string, write: () => void): void => {
    if (existsSync(path)) return output.info(`${shownPath(cwd, path)} is there already`);
    writing(shownPath(cwd, path), write);
    created.push(shownPath(cwd, path));
    output.info(`created ${shownPath(cwd, path)}`);
  };
  make(absolute, () => makeFolder(absolute));
  make(configuration, () =>
    writeFileSync(configuration, configurationText(configuration, shownPath(cwd, absolute)), { flag: "wx" }),
  );
  output.info('next: wellhead revision -m "what it does", then wellhead upgrade');
  return {
    json: { created, configuration: shownPath(cwd, configuration), migrations: shownPath(cwd, absolute) },
  };
}
