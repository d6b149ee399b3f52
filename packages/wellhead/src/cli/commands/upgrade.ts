import type { CommandContext, CommandOutcome } from "../command.ts";
import { moveDatabase } from "../move-database.ts";

export async function run(context: CommandContext): Promise<CommandOutcome> {
  return await moveDatabase("upgrade", context.arguments[0] ?? "heads", context);
}
