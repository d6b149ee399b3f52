import { openScratch, type Scratch, type ScratchOptions } from "../../scratch/index.ts";
import type { RevisionFile } from "../../revisions/index.ts";
import { scratchNeeds } from "../scratch-needs.ts";

/** A scratch database that is opened when it is first asked for, and then shared. */
export interface SharedScratch {
  /** Whoever uses it leaves it empty: what is done there is rolled back. */
  readonly open: () => Promise<Scratch>;
  /** An empty one for somebody who commits to it: whoever asks next gets another, and this one is closed then. */
  readonly spend: () => Promise<Scratch>;
  /** Nothing happens where nobody asked. */
  readonly close: () => Promise<void>;
}

/** The scratch database for the revisions of a project: able to create the extensions that they name. */
export function projectScratch(
  files: ReadonlyMap<string, RevisionFile>,
  options: Omit<ScratchOptions, "extensions" | "roles" | "createdRoles">,
): SharedScratch {
  let current: Promise<Scratch> | undefined;
  let isSpent = false;
  const make = async (): Promise<Scratch> =>
    await openScratch({ ...options, ...(await scratchNeeds(files)) });
  const close = async (): Promise<void> => {
    const scratch = await current?.catch(() => undefined);
    current = undefined;
    await scratch?.close();
  };
  const open = async (): Promise<Scratch> => {
    if (isSpent) await close();
    isSpent = false;
    return await (current ??= make());
  };
  return {
    open,
    spend: async () => {
      const scratch = await open();
      isSpent = true;
      return scratch;
    },
    close,
  };
}
