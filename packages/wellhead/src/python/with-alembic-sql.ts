import type { Migrations } from "../migrate/index.ts";
import { revisionText, type AlembicProject, type RevisionFile, type SqlScript } from "../revisions/index.ts";
import type { WellheadError } from "../wellhead-error.ts";
import { findAlembic } from "./alembic-command.ts";
import { AlembicMissingError, AlembicSqlError } from "./errors.ts";
import { failureIn } from "./failure.ts";
import { printedSteps, type Direction, type PrintedStep } from "./printed-sql.ts";
import { projectForAlembic, type ProjectForAlembic } from "./project-copy.ts";
import { runAlembic, type AlembicAnswer, type RunAlembicOptions } from "./run-alembic.ts";

export interface AlembicSqlOptions {
  /** The project's configuration of Alembic; without one there is nobody to ask. */
  readonly project: AlembicProject | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Also the downgrades, for round trips: a call of Alembic for each head. Default: false. */
  readonly downgrades?: boolean;
  /** How long one call of Alembic may take; default 60,000. */
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Migrations whose Python revisions can be run as SQL, as far as Alembic tells it. */
export interface MigrationsWithSql {
  /** The same revisions; those in Python have what they run in `alembicSql`, where it is known. */
  readonly migrations: Migrations;
  /** Why it is not known, by revision. */
  readonly unseen: ReadonlyMap<string, WellheadError>;
}

/**
 * Asks the project's own Alembic what its Python revisions run: `alembic upgrade heads --sql`, taken apart by revision.
 * Projects without a Python revision are left as they are. It never fails: what cannot be told is `unseen`.
 */
export async function withAlembicSql(
  migrations: Migrations,
  options: AlembicSqlOptions,
): Promise<MigrationsWithSql> {
  const wanted = [...migrations.files.values()].filter(({ language }) => language === "py");
  if (wanted.length === 0) return { migrations, unseen: new Map() };
  const { project, env } = options;
  const command = project === undefined ? undefined : findAlembic(project.configFile, env);
  if (project === undefined || command === undefined) {
    const missing = new AlembicMissingError();
    return { migrations, unseen: new Map(wanted.map(({ revision }) => [revision, missing])) };
  }
  const place = projectForAlembic(project, wanted);
  try {
    const { timeLimitMs = 60_000, signal } = options;
    const asking = new Asking(migrations, wanted, place, { command, ...place, env, timeLimitMs, signal });
    await asking.upgrades();
    if (options.downgrades === true) await asking.downgrades();
    return asking.answer();
  } finally {
    place.remove();
  }
}

/** How often Alembic is called at most, also where it fails in one revision after the other. */
const MOST_CALLS = 12;

/** What Alembic has told so far. */
class Asking {
  readonly #migrations: Migrations;
  readonly #wanted: readonly RevisionFile[];
  readonly #place: ProjectForAlembic;
  readonly #options: RunAlembicOptions;
  readonly #steps = { upgrade: new Map<string, PrintedStep>(), downgrade: new Map<string, PrintedStep>() };
  readonly #failures = new Map<string, AlembicSqlError>();
  /** Why Alembic writes no downgrade. */
  readonly #noDowngrades = new Map<string, string>();
  /** Why nothing, or nothing more, can be told. */
  #general: AlembicSqlError | undefined;

  constructor(
    migrations: Migrations,
    wanted: readonly RevisionFile[],
    place: ProjectForAlembic,
    options: RunAlembicOptions,
  ) {
    this.#migrations = migrations;
    this.#wanted = wanted;
    this.#place = place;
    this.#options = options;
  }

  /** All at once. Where a revision fails, what does not lie below it is asked for, and at last one by one. */
  async upgrades(): Promise<void> {
    const ranges = ["heads"];
    const tried = new Set<string>();
    for (let calls = 0; calls < MOST_CALLS && this.#general === undefined; calls += 1) {
      const range = ranges.shift() ?? this.#rangeOfUnknown(tried);
      if (range === undefined) return;
      const failed = await this.#ask("upgrade", range);
      if (failed !== undefined) ranges.push(`${failed}:heads`);
    }
  }

  /**
   * A downgrade begins at one head, and goes down all that is below it; one that fails (a `raise` for what cannot be
   * taken back) is gone around.
   */
  async downgrades(): Promise<void> {
    const starts: string[] = this.#migrations.graph.heads();
    for (let calls = 0; calls < MOST_CALLS && this.#general === undefined; calls += 1) {
      const start = starts.shift();
      if (start === undefined) return;
      if (this.#steps.downgrade.has(start)) continue;
      const failed = await this.#ask("downgrade", `${start}:base`);
      if (failed !== undefined) starts.push(...this.#migrations.graph.get(failed).revises);
    }
    for (const { revision } of this.#wanted) {
      if (!this.#steps.downgrade.has(revision) && !this.#noDowngrades.has(revision))
        this.#noDowngrades.set(revision, "Alembic does not come so far down");
    }
  }

  answer(): MigrationsWithSql {
    const unseen = new Map<string, WellheadError>();
    const files = new Map(this.#migrations.files);
    for (const file of this.#wanted) {
      const upgrade = this.#steps.upgrade.get(file.revision);
      if (upgrade === undefined) unseen.set(file.revision, this.#whyUnknown(file));
      else {
        const downgrade = this.#steps.downgrade.get(file.revision) ?? this.#noDowngrades.get(file.revision);
        files.set(file.revision, withSql(file, upgrade, downgrade));
      }
    }
    return { migrations: { graph: this.#migrations.graph, files }, unseen };
  }

  /** Takes up the steps that Alembic prints; returns a revision in which it failed for the first time. */
  async #ask(direction: Direction, target: string): Promise<string | undefined> {
    const answer = await runAlembic([direction, target, "--sql"], this.#options);
    const dialect = /Context impl (\w+)Impl\b/u.exec(answer.stderr)?.[1] ?? "Postgresql";
    if (dialect !== "Postgresql") {
      this.#general = otherDialect(dialect);
      return undefined;
    }
    const steps = [...printedSteps(answer.stdout, direction)];
    // The last one was not printed to its end.
    const broken = answer.ok ? undefined : steps.pop();
    for (const [revision, step] of steps) this.#steps[direction].set(revision, step);
    if (answer.ok) return undefined;
    return direction === "upgrade"
      ? this.#takeFailure(answer, broken?.[0])
      : this.#takeDowngradeFailure(answer, broken?.[0]);
  }

  #takeDowngradeFailure(answer: AlembicAnswer, revision: string | undefined): string | undefined {
    if (revision === undefined || this.#noDowngrades.has(revision)) return undefined;
    this.#noDowngrades.set(revision, failureIn(answer, this.#options.timeLimitMs, []).reason);
    return revision;
  }

  #takeFailure(answer: AlembicAnswer, printed: string | undefined): string | undefined {
    const places = new Map(this.#wanted.map((file) => [this.#place.fileOf(file), file]));
    const { reason, hint, frame } = failureIn(answer, this.#options.timeLimitMs, [...places.keys()]);
    const file = places.get(frame?.file ?? "") ?? this.#migrations.files.get(printed ?? "");
    const error = new AlembicSqlError(
      { revision: file?.revision, path: file?.path, line: frame?.line },
      reason,
      hint,
    );
    if (file === undefined || answer.isTooLong) this.#general ??= error;
    if (file === undefined || this.#failures.has(file.revision)) return undefined;
    this.#failures.set(file.revision, error);
    return file.revision;
  }

  #rangeOfUnknown(tried: Set<string>): string | undefined {
    const unknown = this.#wanted.find(
      ({ revision }) =>
        !this.#steps.upgrade.has(revision) && !this.#failures.has(revision) && !tried.has(revision),
    );
    if (unknown === undefined) return undefined;
    tried.add(unknown.revision);
    const [parent] = unknown.revises;
    return parent === undefined ? unknown.revision : `${parent}:${unknown.revision}`;
  }

  #whyUnknown({ revision, path }: RevisionFile): AlembicSqlError {
    const known = this.#failures.get(revision) ?? this.#general;
    if (known !== undefined) return known;
    const [first] = this.#failures.values();
    return new AlembicSqlError(
      { revision, path, line: undefined },
      first === undefined
        ? "it does not name it among its revisions"
        : `it does not come so far: ${first.reason}`,
      first?.hint ?? "see that Alembic and Wellhead read the same folder: `alembic history`",
    );
  }
}

function otherDialect(dialect: string): AlembicSqlError {
  return new AlembicSqlError(
    { revision: undefined, path: undefined, line: undefined },
    `it writes SQL for ${dialect}, not for Postgres`,
    "let env.py take the URL of the environment's DATABASE_URL: the proof sets it to one of Postgres",
  );
}

/** @param downgrade - its statements, or why there are none; undefined where nobody asked */
function withSql(
  file: RevisionFile,
  upgrade: PrintedStep,
  downgrade: PrintedStep | string | undefined,
): RevisionFile {
  const text = revisionText(file);
  const script = (step: PrintedStep, name: Direction): SqlScript => ({
    text: step.text,
    line: lineOfFunction(text, name),
    isWrittenElsewhere: true,
  });
  return {
    ...file,
    ...(upgrade.isOutside && { transaction: "none" }),
    ...(typeof downgrade === "string" && { irreversible: file.irreversible ?? downgrade }),
    alembicSql: {
      upgrade: script(upgrade, "upgrade"),
      downgrade: typeof downgrade === "object" ? script(downgrade, "downgrade") : undefined,
    },
  };
}

/** A statement that Alembic writes has no line of its own: the function that it comes from has. */
function lineOfFunction(text: string, name: Direction): number {
  const at = text.search(new RegExp(String.raw`^(?:async[ \t]+)?def[ \t]+${name}\b`, "mu"));
  return at === -1 ? 1 : text.slice(0, at).split(/\r\n|\n|\r/u).length;
}
