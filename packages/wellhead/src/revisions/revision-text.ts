import { readText } from "./read-text.ts";
import type { RevisionFile } from "./revision-file.ts";

/**
 * The whole text of a revision: from its file, unless it was brought along.
 *
 * @throws RevisionFileUnreadableError E_REVISION_FILE_UNREADABLE; RevisionEncodingError E_REVISION_ENCODING
 */
export function revisionText(file: Pick<RevisionFile, "file" | "path" | "inMemory" | "text">): string {
  return file.inMemory?.text ?? file.text ?? readText(file.file, file.path);
}
