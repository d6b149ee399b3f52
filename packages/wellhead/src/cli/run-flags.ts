import type { OptionDefinition } from "./command.ts";

/** The flags of every command that changes a database: how it waits, and for how long. */
export const lockFlags: readonly OptionDefinition[] = [
  {
    flags: "--wait-for-lock <seconds>",
    summary: "how long to wait while another process migrates this database (default: 300)",
  },
  {
    flags: "--lock-timeout <seconds>",
    summary:
      "how long a statement waits for a lock before all is rolled back and tried again, 500ms too (default: 2; 0: for ever)",
  },
  { flags: "--lock-retries <count>", summary: "how often it is tried again (default: 20)" },
  { flags: "--statement-timeout <seconds>", summary: "how long one statement may run (default: no limit)" },
];

/** How a run is cut into transactions. */
export const transactionFlag: OptionDefinition = {
  flags: "--transaction <mode>",
  summary: "all: one transaction for everything (default); each: one for each revision",
};

export const logFormatFlag: OptionDefinition = {
  flags: "--log-format <format>",
  summary: "text (default), or json: one JSON object an event a line, for a platform's logs",
};
