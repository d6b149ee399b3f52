import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for a whole test file, which removes it; by the path that Alembic shows. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "wellhead-alembic-")));
}
