import { WellheadError } from "../wellhead-error.ts";

/** The configuration says nothing of models. */
export class ModelsMissingError extends WellheadError {
  constructor(wanted: string) {
    super("E_MODELS_MISSING", `${wanted} needs models, and the configuration names none.`, {
      hint: 'name them in wellhead.config.ts: `models: "db/schema.ts"` (Drizzle), `models: "schema.sql"`, or `models: { command: "…" }` for a command that prints SQL',
    });
  }
}

/** Models cannot be read: a file that is not there, a module that does not load, a command that fails. */
export class ModelsUnreadableError extends WellheadError {
  readonly path: string;

  constructor(path: string, reason: string, hint: string, cause?: unknown) {
    super("E_MODELS_UNREADABLE", `The models in ${path} cannot be read: ${reason}`, { hint, cause });
    this.path = path;
  }
}

/** Postgres refuses a statement of the models. */
export class ModelsRefusedError extends WellheadError {
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly sqlState: string;

  constructor(
    place: { readonly path: string; readonly line: number; readonly statement: string },
    refusal: {
      readonly sqlState: string;
      readonly reason: string;
      readonly postgresHint: string | undefined;
    },
    cause: unknown,
  ) {
    super(
      "E_MODELS_REFUSED",
      `${place.path}:${place.line}: the models do not run on an empty database: ${refusal.reason} (SQLSTATE ${refusal.sqlState}).`,
      {
        hint: refusal.postgresHint ?? `mend the statement: ${shortened(place.statement)}`,
        cause,
      },
    );
    this.path = place.path;
    this.line = place.line;
    this.statement = place.statement;
    this.sqlState = refusal.sqlState;
  }
}

function shortened(statement: string): string {
  const line = statement.trim().replaceAll(/\s+/gu, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
