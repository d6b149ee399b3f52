import { readStatus, statusWithoutDatabase } from "../../migrate/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { statusText } from "../status-text.ts";

export async function run({ output, workspace }: CommandContext): Promise<CommandOutcome> {
  const place = await workspace();
  const migrations = place.migrations();
  const { display } = place.target();
  if (!place.hasDatabase()) {
    output.note(`there is no embedded database at ${display} yet; \`wellhead upgrade\` makes it`);
    const status = statusWithoutDatabase(migrations);
    return { lines: statusText(status, migrations, output), json: status };
  }
  const status = await readStatus({ ...place.databaseOptions, ...place.versionTable, migrations });
  return { lines: statusText(status, migrations, output), json: status };
}
