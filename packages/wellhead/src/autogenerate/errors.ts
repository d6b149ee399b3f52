import { WellheadError } from "../wellhead-error.ts";

/** The change would lose data, and nobody has said that it may. */
export class DataLossError extends WellheadError {
  /** The statements that drop what may hold rows. */
  readonly statements: readonly string[];
  /** What could be meant instead, as `--rename` takes it. */
  readonly renames: readonly string[];

  constructor(statements: readonly string[], renames: readonly string[]) {
    const rename =
      renames.length === 0
        ? ""
        : `; if it is a new name: ${renames.map((each) => `\`--rename ${each}\``).join(" or ")}`;
    super("E_DATA_LOSS", `The revision would lose data: ${statements.join("; ")}.`, {
      hint: `if that is meant: \`--allow-data-loss\`${rename}`,
    });
    this.statements = statements;
    this.renames = renames;
  }
}

/** `--rename` names what is not there, or what is there still. */
export class RenameUnknownError extends WellheadError {
  readonly rename: string;

  constructor(rename: string, reason: string) {
    super("E_RENAME_UNKNOWN", `--rename ${rename}: ${reason}.`, {
      hint: "write `--rename table.old=table.new` for a column, `--rename old=new` for a table, `--rename enum.old=enum.new` for a value: the old name as the revisions have it, the new one as the models have it",
    });
    this.rename = rename;
  }
}
