import type { Node } from "libpg-query";
import { withoutConcurrently } from "./concurrently.ts";
import { isBeyondTheDatabase } from "./measure/statement-kind.ts";

/**
 * What stands in a transaction for a statement that Postgres refuses there: it leaves the same schema and the same rows,
 * and fails where the statement would for what it names. Undefined where nothing does, as for DETACH PARTITION
 * CONCURRENTLY, which leaves a constraint that DETACH PARTITION does not. A scratch database is left alone by what is about the whole
 * server, or about a database by its name.
 */
export function insideForm(tree: Node, text: string): string | undefined {
  const [[kind, node] = ["", {}]] = Object.entries(tree) as [string, Fields][];
  switch (kind) {
    case "IndexStmt":
    case "DropStmt":
      return withoutConcurrently(text);
    case "ReindexStmt":
      return reindexForm(node, text);
    // It reads the same tables and columns, and leaves nothing but statistics either.
    case "VacuumStmt":
      return `ANALYZE ${relationsOf(node).join(", ")}`;
    case "ClusterStmt":
      return NOTHING;
    case "DiscardStmt":
      return "CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; DISCARD PLANS; DISCARD SEQUENCES; DISCARD TEMP; RESET ALL";
    default:
      return isBeyondTheDatabase(tree) ? NOTHING : undefined;
  }
}

const NOTHING = "";

type Fields = Readonly<Record<string, unknown>>;

/** A database is reindexed by its name, which a scratch database does not have. */
function reindexForm({ kind, name }: Fields, text: string): string {
  if (kind === "REINDEX_OBJECT_SCHEMA") return `SELECT ${literal(quoted(String(name)))}::regnamespace`;
  return kind === "REINDEX_OBJECT_INDEX" || kind === "REINDEX_OBJECT_TABLE"
    ? withoutConcurrently(text)
    : NOTHING;
}

interface VacuumRelation {
  readonly relation?: { readonly schemaname?: string; readonly relname?: string };
  readonly va_cols?: readonly { readonly String?: { readonly sval?: string } }[];
}

function relationsOf({ rels }: Fields): readonly string[] {
  const relations = (rels ?? []) as readonly { readonly VacuumRelation?: VacuumRelation }[];
  return relations.map(({ VacuumRelation: { relation, va_cols: columns = [] } = {} }) => {
    const name = [relation?.schemaname, relation?.relname].filter((part) => part !== undefined).map(quoted);
    const list = columns.map(({ String: { sval = "" } = {} }) => quoted(sval));
    return `${name.join(".")}${list.length === 0 ? "" : ` (${list.join(", ")})`}`;
  });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
