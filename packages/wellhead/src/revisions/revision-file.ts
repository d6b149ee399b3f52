import type { Allowance } from "./allowance.ts";
import type { RevisionInput } from "../graph/index.ts";
import type { RevisionDatabase } from "./revision-database.ts";
import type { SqlSections } from "./sql-sections.ts";

/** The languages a revision can be written in, by the end of its file name. */
export type RevisionLanguage = "sql" | "ts" | "py";

/** What the head of a revision says, whatever the language of the file. */
export interface RevisionHead {
  readonly revision: string;
  /** The down revisions in the order of the file; none for a base. */
  readonly revises: readonly string[];
  /** Ids or branch labels. */
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  /** Empty where there is none. In a `.py` revision the docstring up to its first empty line, as Alembic takes it. */
  readonly message: string;
  /** The date as it is written in the file. */
  readonly created: string | undefined;
  /** `none`: its statements run one by one outside a transaction. */
  readonly transaction: "none" | undefined;
  /** Why there is no downgrade. */
  readonly irreversible: string | undefined;
  /** What it may do although `check` would refuse it. */
  readonly allows: readonly Allowance[];
  /** What `merge` had proved when it wrote the file. */
  readonly proved: string | undefined;
  /** The whole docstring of a `.py` revision, trimmed, as Alembic's `show` prints it. */
  readonly docstring: string | undefined;
}

/** A revision of the migrations folder: its head, and where it stands. */
export interface RevisionFile extends RevisionHead, RevisionInput {
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  /** As shown to people: relative to the working directory where it is below it. */
  readonly path: string;
  /** Absolute; of a static revision its path. */
  readonly file: string;
  readonly language: RevisionLanguage;
  /** Its whole text, where that was read with the head: a short file is read once. */
  readonly text?: string | undefined;
  /** Of a static revision: its text and its module, which are then not looked for in files. */
  readonly inMemory?: RevisionInMemory;
  /** Of a `.py` revision: what Alembic writes for it with `--sql`, where it was asked. It can be run as SQL then. */
  readonly alembicSql?: SqlSections;
}

/** What a static revision brings along. */
interface RevisionInMemory {
  readonly text: string;
  readonly module: RevisionModule | undefined;
}

/** What a `.ts` revision exports. */
export interface RevisionModule {
  upgrade(db: RevisionDatabase): Promise<void>;
  downgrade?(db: RevisionDatabase): Promise<void>;
}
