import { tableParts } from "./table-parts.ts";
import { tidyView } from "./tidy-view.ts";

/** Words that stand for something else than a name, unless they are quoted: those of `pg_get_keywords()` that are not unreserved, on 18. */
const keywords = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
  json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
  lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not
  notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real
  references returning right row select session_user setof similar smallint some substring symmetric system_user table
  tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
  when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
  xmlserialize xmltable`.split(/\s+/),
);

/** Pieces of SQL that must stay as they are, and quoted names. */
const pieces = /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"/g;

/**
 * A statement as a person would write it: names without quotes that do not need them, the short words for types, a
 * table's columns and the clauses of a view on a line each. It means the same.
 */
export function readableSql(sql: string): string {
  const plain = onCode(sql, shortTypes, unquoted);
  return tidyView(tableOverLines(plain)).trim();
}

/** A name as it stands in SQL, without quotes where it can. */
export function readableName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function onCode(sql: string, code: (text: string) => string, name: (quoted: string) => string): string {
  let result = "";
  let from = 0;
  for (const { 0: piece, index } of sql.matchAll(pieces)) {
    result += code(sql.slice(from, index)) + (piece.startsWith('"') ? name(piece) : piece);
    from = index + piece.length;
  }
  return result + code(sql.slice(from));
}

function unquoted(quoted: string): string {
  return readableName(quoted.slice(1, -1).replaceAll('""', '"'));
}

function shortTypes(code: string): string {
  return code
    .replaceAll("character varying", "varchar")
    .replaceAll(/\btimestamp(\(\d\))? with time zone/g, "timestamptz$1")
    .replaceAll(/\btimestamp(\(\d\))? without time zone/g, "timestamp$1");
}

/** Each column and constraint on a line of its own. */
function tableOverLines(sql: string): string {
  const table = tableParts(sql);
  if (table === undefined || table.parts.length === 0) return sql;
  return `${table.head}(\n${table.parts.map((part) => `  ${part}`).join(",\n")}\n)${table.tail}`;
}
