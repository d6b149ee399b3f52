import type { Migrations, Status } from "../migrate/index.ts";
import type { Output } from "./output.ts";
import { firstLine, plural, versionList } from "./words.ts";

/** The status for people: where both sides stand, then what is not as it should be, each with its ways out. */
export function statusText(
  status: Status,
  { graph }: Migrations,
  { style }: Pick<Output, "style">,
): string[] {
  const inFile = (id: string): string => {
    const { path = "", message } = graph.get(id);
    return `  ${id}  ${path}  ${firstLine(message)}`.trimEnd();
  };
  const problem = (title: string, items: readonly string[], advice: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [style("yellow", `${title}:`), ...items, ...advice.map((line) => `    ${line}`)];
  return [
    `heads:    ${status.heads.join(", ") || "none: there is no revision"}`,
    `versions: ${versionList(status.versions)}`,
    ...pendingLines(status, inFile),
    ...problem(
      "applied, and in no file",
      status.unknown.map((id) => `  ${id}`),
      unknownAdvice(status),
    ),
    ...problem("edited after being applied", status.edited.map(inFile), [
      "put the text back, or run `wellhead ledger accept REV` when the database has the change already",
    ]),
    ...problem(
      "INVALID indexes",
      status.invalidIndexes.map((name) => `  ${name}`),
      [
        "a CREATE INDEX CONCURRENTLY was cut off: DROP INDEX CONCURRENTLY it and build it again;",
        "where an unfinished revision builds it, `wellhead upgrade` does that by itself",
      ],
    ),
    ...problem(
      "begun and not finished",
      status.unfinished.map(
        ({ revision, statementsDone }) => `  ${revision}, ${plural(statementsDone, "statement")} done`,
      ),
      [
        "a run is at it right now, or was cut off: the next run goes on behind the last statement that is done",
      ],
    ),
  ];
}

function pendingLines({ pending, unknown }: Status, inFile: (id: string) => string): string[] {
  if (pending.length === 0)
    return [unknown.length === 0 ? "pending:  nothing" : "pending:  nothing that is known here"];
  const so = unknown.length === 0 ? "" : ", as far as the files can tell";
  return [`pending:  ${plural(pending.length, "revision")}${so}`, ...pending.map(inFile)];
}

function unknownAdvice({ unknown, versions }: Status): string[] {
  if (!unknown.some((id) => versions.includes(id)))
    return [
      "the ledger has them as applied: bring the files back, or stamp the heads when others replace them",
    ];
  return [
    "this code is older than the database, or another branch is checked out: take the code that has them;",
    "gone for good: compare the schema, then set the versions anew with `wellhead stamp --purge TARGET`",
  ];
}
