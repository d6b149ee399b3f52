import type { SchemaObject, SchemaSnapshot } from "../schema/index.ts";
import { RenameUnknownError } from "./errors.ts";
import { writtenName, type RenameCandidate } from "./renames.ts";

/**
 * What `--rename old=new` names, among what is there and what is wished for, for as long as it is not done.
 *
 * @throws {RenameUnknownError} `E_RENAME_UNKNOWN`
 */
export function namedRename(rename: string, there: SchemaSnapshot, wished: SchemaSnapshot): RenameCandidate {
  const [old = "", renamed = "", ...more] = rename.split("=");
  if (old === "" || renamed === "" || more.length > 0)
    throw new RenameUnknownError(rename, "it is not of the form old=new");
  const before = find(there, old);
  if (before === undefined) throw new RenameUnknownError(rename, `the revisions produce no ${old}`);
  const after = find(wished, renamed, before.kind);
  if (after === undefined)
    throw new RenameUnknownError(rename, `the models declare no ${before.kind} ${renamed}`);
  const key = `${before.kind} ${before.name}`;
  if (wished.has(key)) throw new RenameUnknownError(rename, `the models declare ${old} still`);
  if (there.has(`${after.kind} ${after.name}`))
    throw new RenameUnknownError(rename, `the revisions produce ${renamed} already`);
  const kind = before.kind === "table" ? "table" : "column";
  return { kind, from: old, to: renamed, isUnambiguous: true, before, after };
}

/** A table (`users`, `shop.users`) or a column (`users.name`, `shop.users.name`). */
function find(snapshot: SchemaSnapshot, name: string, kind?: string): SchemaObject | undefined {
  const written = writtenName(name);
  const keys = [
    `column ${written}`,
    `column public.${written}`,
    `table ${written}`,
    `table public.${written}`,
  ];
  const found = keys.map((key) => snapshot.get(key)).find((object) => object !== undefined);
  return kind === undefined || found?.kind === kind ? found : undefined;
}
