import type { Migrations } from "../../migrate/index.ts";
import { revisionText } from "../../revisions/index.ts";
import { neededExtensions, openScratch, type Scratch } from "../../scratch/index.ts";

interface ScratchFor {
  readonly migrations: Migrations;
  /** More SQL that will run there. */
  readonly scripts: readonly { readonly text: string; readonly path: string }[];
  readonly serverUrl: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Runs `work` on a scratch database that can take the revisions of a project and more SQL. */
export async function withScratch<T>(
  { migrations, scripts, serverUrl, signal }: ScratchFor,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const revisions = [...migrations.files.values()].map((file) => ({
    text: revisionText(file),
    path: file.path,
  }));
  const extensions = await neededExtensions([...revisions, ...scripts].map((each) => ({ ...each, line: 1 })));
  const scratch = await openScratch({ serverUrl, signal, extensions });
  try {
    return await work(scratch);
  } finally {
    await scratch.close();
  }
}
