import { WellheadError } from "../wellhead-error.ts";

/** E_ALEMBIC_MISSING: there is no Alembic to ask what a Python revision runs. */
export class AlembicMissingError extends WellheadError {
  constructor() {
    super("E_ALEMBIC_MISSING", "What Python revisions run is not known: there is no `alembic` here to ask.", {
      hint: "call it in the project's environment (`source .venv/bin/activate`), or install Alembic with what env.py imports",
    });
  }
}

/** E_ALEMBIC_SQL: Alembic does not write the SQL of a revision (`alembic upgrade --sql`). */
export class AlembicSqlError extends WellheadError {
  readonly revision: string | undefined;
  readonly path: string | undefined;
  /** The line of the revision's file that Python stopped at. */
  readonly line: number | undefined;
  /** What Python or Alembic said last. */
  readonly reason: string;

  constructor(
    place: {
      readonly revision: string | undefined;
      readonly path: string | undefined;
      readonly line: number | undefined;
    },
    reason: string,
    hint: string,
  ) {
    const { revision, path, line } = place;
    const where = path === undefined ? "" : ` ${path}${line === undefined ? "" : `:${line}`}`;
    super(
      "E_ALEMBIC_SQL",
      `Alembic does not write the SQL of ${revision ?? "the revisions"}${where === "" ? "" : ` (${where.trim()})`}: ${reason}`,
      { hint },
    );
    this.revision = revision;
    this.path = path;
    this.line = line;
    this.reason = reason;
  }
}
