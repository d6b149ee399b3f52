import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

/** A revision for a test, as short as it can be said. */
export interface TestRevision {
  readonly id: string;
  readonly revises?: string;
  /** More lines of the head, without the dashes. */
  readonly head?: readonly string[];
  readonly upgrade?: string;
  /** Left out: the file has no downgrade section. */
  readonly downgrade?: string;
}

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wellhead-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A migrations folder with these revisions, each in `<id>.sql`. */
export function migrationsFolder(...revisions: readonly TestRevision[]): string {
  const folder = temporaryFolder();
  for (const revision of revisions) writeRevision(folder, revision);
  return folder;
}

export function writeRevision(
  folder: string,
  { id, revises = "", head = [], upgrade = "", downgrade }: TestRevision,
): void {
  const lines = [`revision: ${id}`, `revises: ${revises}`, `message: the ${id}`, ...head].map(
    (line) => `-- ${line}`,
  );
  const sections = [
    "",
    "-- upgrade",
    upgrade,
    ...(downgrade === undefined ? [] : ["-- downgrade", downgrade]),
    "",
  ];
  writeFileSync(join(folder, `${id}.sql`), [...lines, ...sections].join("\n"));
}
