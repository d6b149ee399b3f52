import type { Database, Session } from "../../database/index.ts";
import type { SqlStatement } from "../../revisions/index.ts";
import type { MigrateEvent } from "../events.ts";
import type { MigrateOptions } from "../options.ts";
import type { PreparedStep } from "../prepared-step.ts";
import type { StepPlace } from "../step.ts";

/** What a `transaction: none` revision runs with. */
export interface OutsideRun {
  readonly database: Database;
  /** A session on which no transaction is open. */
  readonly session: Session;
  readonly step: PreparedStep;
  readonly statements: readonly SqlStatement[];
  readonly versionsBefore: readonly string[];
  readonly place: StepPlace;
  readonly options: MigrateOptions;
  readonly emit: (event: MigrateEvent) => void;
}

/** A statement whose turn it is. */
export interface Position {
  readonly statement: SqlStatement;
  readonly index: number;
  /** The settings in front of it, as SQL; empty when there is none. */
  readonly settings: string;
  /** How many statements are counted. Between those and this one stand settings only. */
  readonly counted: number;
  /** An earlier run was about to send this statement alone, and did not live to count it. */
  readonly wasBegun: boolean;
}
