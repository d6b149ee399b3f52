import type { RevisionFile } from "./revision-file.ts";
import { revisionText } from "./revision-text.ts";
import { splitSections } from "./sections.ts";
import type { SqlSections } from "./sql-sections.ts";

/**
 * The statements of a `.sql` revision, or of a `.py` one that Alembic has written as SQL: its upgrade, and its downgrade when it has such a section (it may be empty:
 * then there is nothing to undo). Each knows the line of the file on which it begins.
 *
 * @throws RevisionSectionError E_REVISION_SECTION; RevisionFileUnreadableError E_REVISION_FILE_UNREADABLE;
 * RevisionEncodingError E_REVISION_ENCODING
 */
export function loadSqlRevision(
  file: Pick<RevisionFile, "file" | "path" | "inMemory" | "text" | "alembicSql">,
): SqlSections {
  return file.alembicSql ?? splitSections(revisionText(file), file.path);
}
