import type { SchemaObject, SchemaSnapshot } from "../schema/index.ts";
import { RenameUnknownError } from "./errors.ts";
import { enumValues, lastName, literalOf, writtenName, type RenameCandidate } from "./renames.ts";

/**
 * What `--rename old=new` names, among what is there and what is wished for, for as long as it is not done.
 *
 * @throws {RenameUnknownError} `E_RENAME_UNKNOWN`
 */
export function namedRename(rename: string, there: SchemaSnapshot, wished: SchemaSnapshot): RenameCandidate {
  const [, old, renamed] = /^((?:"(?:[^"]|"")*"|[^"=])+)=((?:"(?:[^"]|"")*"|[^"=])+)$/.exec(rename) ?? [];
  if (old === undefined || renamed === undefined)
    throw new RenameUnknownError(rename, "it is not of the form old=new");
  const before = find(there, old);
  if (before === undefined) {
    const value = namedValue(old, renamed, there, wished);
    if (value !== undefined) return value;
    throw new RenameUnknownError(rename, `the revisions produce no ${old}`);
  }
  const after = find(wished, renamed, before.kind);
  if (after === undefined)
    throw new RenameUnknownError(rename, `the models declare no ${before.kind} ${renamed}`);
  if (wished.has(`${before.kind} ${before.name}`))
    throw new RenameUnknownError(rename, `the models declare ${old} still`);
  if (there.has(`${after.kind} ${after.name}`))
    throw new RenameUnknownError(rename, `the revisions produce ${renamed} already`);
  const kind = before.kind === "table" ? "table" : "column";
  if (kind === "column" && !mayBeOneTable(tableOf(before), tableOf(after), there, wished))
    throw new RenameUnknownError(rename, "a column stays in its table");
  return { kind, from: old, to: renamed, before, after };
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

/** The table of a column, as it stands in keys. */
function tableOf({ name }: SchemaObject): string {
  return `table ${name.slice(0, name.length - lastName(name).length - 1)}`;
}

/** One table, or one that is gone and one that is new: a rename of the table itself may follow. */
function mayBeOneTable(one: string, other: string, there: SchemaSnapshot, wished: SchemaSnapshot): boolean {
  return one === other || (!wished.has(one) && !there.has(other));
}

/** A value of an enum: `mood.sad=mood.blue`. */
function namedValue(
  old: string,
  renamed: string,
  there: SchemaSnapshot,
  wished: SchemaSnapshot,
): RenameCandidate | undefined {
  const [from, to] = [writtenName(old), writtenName(renamed)];
  const typeName = from.slice(0, from.length - lastName(from).length - 1);
  if (typeName === "" || typeName !== to.slice(0, to.length - lastName(to).length - 1)) return undefined;
  const keys = [`type ${typeName}`, `type public.${typeName}`];
  const [before, after] = [there, wished].map((schema) =>
    keys.map((key) => schema.get(key)).find((object) => object !== undefined),
  );
  if (before === undefined || after === undefined) return undefined;
  const [had, has] = [before, after].map(({ definition }) => enumValues(definition) ?? []);
  const isIn = (values: readonly string[] | undefined, name: string): boolean =>
    values?.includes(literalOf(lastName(name))) === true;
  if (!isIn(had, from) || isIn(had, to) || isIn(has, from) || !isIn(has, to)) return undefined;
  return { kind: "value", from, to, before, after };
}
