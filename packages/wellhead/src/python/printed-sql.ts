// Takes apart what `alembic upgrade --sql` and `alembic downgrade --sql` print.

/** What Alembic runs for one revision. */
export interface PrintedStep {
  /** Statements with their semicolons, without the change of the version table. */
  readonly text: string;
  /** It leaves the transaction (`autocommit_block`), so its statements run one by one outside. */
  readonly isOutside: boolean;
}

export type Direction = "upgrade" | "downgrade";

const stepLine = /^-- Running (upgrade|downgrade) (.*?) ?-> ?(.*)$/u;

/** The steps that are printed, by their revision; the last one may be cut off, when Alembic failed in it. */
export function printedSteps(output: string, direction: Direction): ReadonlyMap<string, PrintedStep> {
  const steps = new Map<string, PrintedStep>();
  let open: { revision: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) steps.set(open.revision, stepOf(open.lines));
  };
  for (const line of output.split(/\r?\n/u)) {
    const [, verb, from = "", to = ""] = stepLine.exec(line) ?? [];
    if (verb === direction) {
      close();
      open = { revision: (direction === "upgrade" ? to : from).trim(), lines: [] };
    } else if (!isLogLine(line)) {
      open?.lines.push(line);
    }
  }
  close();
  return steps;
}

/** Where an env.py logs to standard output, its lines stand among the statements. */
function isLogLine(line: string): boolean {
  return /^(?:DEBUG|INFO|WARN|WARNING)\s*:?\s*\[?(?:alembic|sqlalchemy)\b/u.test(line);
}

const transactionLine = /^(?:BEGIN|COMMIT);$/u;
const versionLine =
  /^(?:INSERT INTO \S+ \(version_num\) VALUES \('[^']*'\)(?: RETURNING \S+)?|UPDATE \S+ SET version_num='[^']*' WHERE \S+ = '[^']*'|DELETE FROM \S+ WHERE \S+version_num = '[^']*');$/u;

function stepOf(lines: readonly string[]): PrintedStep {
  const left = withoutEnd(lines);
  const isOutside = left.some((line) => transactionLine.test(line));
  const text = left.filter((line) => !transactionLine.test(line)).join("\n");
  return { text: `${text.trim()}\n`, isOutside };
}

/** From the change of the version table on nothing is the revision's; it is the last such line, as data may look alike. */
function withoutEnd(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  const isTail = (line: string): boolean =>
    line === "" ||
    transactionLine.test(line) ||
    versionLine.test(line) ||
    /^DROP TABLE \S*alembic_version\S*;$/u.test(line);
  while (end > 0 && isTail(lines[end - 1] ?? "")) end -= 1;
  return lines.slice(0, end);
}
