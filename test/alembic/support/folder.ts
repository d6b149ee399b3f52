import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for a whole test file. */
export function makeFolder(): { readonly folder: string; remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wellhead-alembic-")));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
