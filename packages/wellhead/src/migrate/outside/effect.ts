import type { Session } from "../../database/index.ts";
import type { SqlStatement } from "../../revisions/index.ts";
import { quoteIdentifier, quoteLiteral } from "../version-table.ts";
import { dropInvalidIndex, dropReindexLeftovers, type IndexPlace } from "./index-leftovers.ts";

/**
 * What is known of a statement that cannot be in a transaction, and so cannot be counted in the same breath: it may
 * have been done by a run that was cut off before it could count it.
 */
export type Effect =
  /** Doing it twice is doing it once. */
  | { readonly kind: "repeatable"; readonly clean?: Clean }
  /** The database shows whether it was done. */
  | {
      readonly kind: "visible";
      readonly isDone: (session: Session) => Promise<boolean>;
      /** Brings to an end what a statement that was cut off left half done. */
      readonly finish?: Clean;
      readonly clean?: Clean;
    }
  | { readonly kind: "unknown" };

/** Takes away what a statement leaves behind that failed or was cut off; run before every try. */
type Clean = (session: Session, signal: AbortSignal | undefined) => Promise<void>;

const UNKNOWN: Effect = { kind: "unknown" };
const REPEATABLE: Effect = { kind: "repeatable" };

const REPEATABLE_NODES: readonly string[] = [
  "VacuumStmt",
  "ClusterStmt",
  "AlterSystemStmt",
  "AlterDatabaseStmt",
  "AlterSubscriptionStmt",
  "DiscardStmt",
];

/** The effect of a statement, by its tree. */
export function effectOf({ tree }: SqlStatement): Effect {
  if ("IndexStmt" in tree) return createIndex(tree.IndexStmt);
  if ("DropStmt" in tree) return dropIndex(tree.DropStmt);
  if ("ReindexStmt" in tree) return reindex(tree.ReindexStmt);
  if ("AlterTableStmt" in tree) return detachPartition(tree.AlterTableStmt);
  return catalogueEntry(tree) ?? (REPEATABLE_NODES.some((name) => name in tree) ? REPEATABLE : UNKNOWN);
}

type Node = SqlStatement["tree"];
type NodeOf<K extends string> = Extract<Node, Record<K, unknown>>[K];

/** `CREATE INDEX CONCURRENTLY`: an index that is there and valid is done, whoever finished it. */
function createIndex({ idxname, relation }: NodeOf<"IndexStmt">): Effect {
  // Without a name Postgres makes up another one at every try.
  if (idxname === undefined || idxname === "" || relation === undefined) return UNKNOWN;
  const place: IndexPlace = { name: idxname, table: relationName(relation) };
  return {
    kind: "visible",
    isDone: async (session) =>
      await holds(
        session,
        `EXISTS (SELECT FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
WHERE x.indrelid = to_regclass(${quoteLiteral(place.table)}) AND c.relname = ${quoteLiteral(place.name)} AND x.indisvalid)`,
      ),
    clean: async (session, signal) => await dropInvalidIndex(session, place, signal),
  };
}

/** `DROP INDEX CONCURRENTLY`: cut off it leaves an INVALID index, which the next try drops. */
function dropIndex({ objects = [] }: NodeOf<"DropStmt">): Effect {
  const names = objects.map((object) =>
    "List" in object
      ? (object.List.items ?? []).map((item) =>
          "String" in item ? quoteIdentifier(item.String.sval ?? "") : "",
        )
      : [],
  );
  const stillThere = names.map((parts) => `to_regclass(${quoteLiteral(parts.join("."))}) IS NOT NULL`);
  return {
    kind: "visible",
    isDone: async (session) => await holds(session, `NOT (${stillThere.join(" OR ") || "false"})`),
  };
}

/** `REINDEX`: one more is never wrong. Cut off, a concurrent one leaves INVALID copies. */
function reindex(statement: NodeOf<"ReindexStmt">): Effect {
  const { kind, relation, name } = statement;
  const isOfRelation =
    relation !== undefined && (kind === "REINDEX_OBJECT_INDEX" || kind === "REINDEX_OBJECT_TABLE");
  const scope = isOfRelation
    ? { relation: relationName(relation) }
    : kind === "REINDEX_OBJECT_SCHEMA" && name !== undefined
      ? { schema: name }
      : {};
  return { kind: "repeatable", clean: async (session) => await dropReindexLeftovers(session, scope) };
}

/** `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`: cut off it leaves a detachment that waits to be finished. */
function detachPartition({ relation, cmds = [] }: NodeOf<"AlterTableStmt">): Effect {
  const [command] = cmds.map((node) => ("AlterTableCmd" in node ? node.AlterTableCmd : undefined));
  const partition =
    command?.def !== undefined && "PartitionCmd" in command.def ? command.def.PartitionCmd.name : undefined;
  if (command?.subtype !== "AT_DetachPartition" || relation === undefined || partition === undefined)
    return UNKNOWN;
  const [parent, child] = [relationName(relation), relationName(partition)];
  const link = `SELECT FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass(${quoteLiteral(parent)}) AND inhrelid = to_regclass(${quoteLiteral(child)})`;
  return {
    kind: "visible",
    isDone: async (session) => await holds(session, `NOT EXISTS (${link})`),
    finish: async (session) => {
      if (await holds(session, `EXISTS (${link} AND inhdetachpending)`))
        await session.run(`ALTER TABLE ${parent} DETACH PARTITION ${child} FINALIZE`);
    },
  };
}

/** What makes or takes away one entry of a catalogue that all databases of the server share, or a subscription. */
function catalogueEntry(tree: Node): Effect | undefined {
  if ("CreatedbStmt" in tree) return entry("pg_database", "datname", tree.CreatedbStmt.dbname, true);
  if ("DropdbStmt" in tree) return entry("pg_database", "datname", tree.DropdbStmt.dbname, false);
  if ("CreateTableSpaceStmt" in tree)
    return entry("pg_tablespace", "spcname", tree.CreateTableSpaceStmt.tablespacename, true);
  if ("DropTableSpaceStmt" in tree)
    return entry("pg_tablespace", "spcname", tree.DropTableSpaceStmt.tablespacename, false);
  if ("CreateSubscriptionStmt" in tree)
    return entry("pg_subscription", "subname", tree.CreateSubscriptionStmt.subname, true);
  if ("DropSubscriptionStmt" in tree)
    return entry("pg_subscription", "subname", tree.DropSubscriptionStmt.subname, false);
  return undefined;
}

function entry(catalogue: string, column: string, name: string | undefined, isThere: boolean): Effect {
  const found = `EXISTS (SELECT FROM pg_catalog.${catalogue} WHERE ${column} = ${quoteLiteral(name ?? "")})`;
  return {
    kind: "visible",
    isDone: async (session) => await holds(session, isThere ? found : `NOT ${found}`),
  };
}

function relationName({ schemaname, relname }: { schemaname?: string; relname?: string }): string {
  const name = quoteIdentifier(relname ?? "");
  return schemaname === undefined ? name : `${quoteIdentifier(schemaname)}.${name}`;
}

async function holds(session: Session, condition: string): Promise<boolean> {
  const [row] = await session.query<{ holds: boolean }>(`SELECT ${condition} AS holds`);
  return row?.holds === true;
}
