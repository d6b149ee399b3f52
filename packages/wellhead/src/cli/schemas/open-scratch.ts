import type { Migrations } from "../../migrate/index.ts";
import { openScratch, type Scratch } from "../../scratch/index.ts";
import { scratchNeeds } from "../scratch-needs.ts";

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
  const needs = await scratchNeeds(migrations.files, scripts);
  const scratch = await openScratch({ serverUrl, signal, ...needs });
  try {
    return await work(scratch);
  } finally {
    await scratch.close();
  }
}
