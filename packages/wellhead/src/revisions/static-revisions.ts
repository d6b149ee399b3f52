import { languageOf } from "./folder-entries.ts";
import { headInText } from "./read-revisions.ts";
import type { RevisionFile, RevisionModule } from "./revision-file.ts";

/** A revision that travels inside a program instead of lying in a folder. `wellhead bundle` writes a list of them. */
export interface StaticRevision {
  /** As it is shown to people; its last part is the file's name, whose ending tells the language. */
  readonly path: string;
  /** The whole text of the file. Of a `.ts` revision it gives the head and the checksum. */
  readonly text: string;
  /** Of a `.ts` revision: what its module exports. */
  readonly module?: RevisionModule;
}

/**
 * The revisions of a static list, in its order, by the rules of a migrations folder.
 *
 * @throws the errors of `readRevisions` about heads and sections
 */
export function readStaticRevisions(revisions: readonly StaticRevision[]): readonly RevisionFile[] {
  return revisions.flatMap(({ path, text: given, module }) => {
    const text = given.startsWith("\uFEFF") ? given.slice(1) : given;
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    const language = languageOf(name);
    if (language === undefined) return [];
    const head = headInText(text, { name, path, language });
    return head === undefined ? [] : [{ ...head, path, file: path, language, inMemory: { text, module } }];
  });
}
