import { openScratch, neededExtensions, type Scratch, type ScratchOptions } from "../../scratch/index.ts";
import { revisionText, type RevisionFile } from "../../revisions/index.ts";

/** A scratch database that is opened when it is first asked for, and then shared. */
export interface SharedScratch {
  /** Whoever uses it leaves it empty: what is done there is rolled back. */
  readonly open: () => Promise<Scratch>;
  /** Nothing happens where nobody asked. */
  readonly close: () => Promise<void>;
}

/** The scratch database for the revisions of a project: able to create the extensions that they name. */
export function projectScratch(
  files: ReadonlyMap<string, RevisionFile>,
  options: Omit<ScratchOptions, "extensions">,
): SharedScratch {
  let opening: Promise<Scratch> | undefined;
  const open = async (): Promise<Scratch> => {
    const sources = [...files.values()].map((file) => ({
      text: revisionText(file),
      line: 1,
      path: file.path,
    }));
    return await openScratch({ ...options, extensions: await neededExtensions(sources) });
  };
  return {
    open: async () => await (opening ??= open()),
    close: async () => {
      const scratch = await opening?.catch(() => undefined);
      await scratch?.close();
    },
  };
}
