// What a statement's parse tells of how it can be run; what it does is measured.

import type { SqlStatement } from "../../revisions/index.ts";

type Tree = SqlStatement["tree"];

/** The name of the parser's node, such as `IndexStmt`, and what is in it. */
export function nodeOf(tree: Tree): {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
} {
  const [entry] = Object.entries(tree);
  return { name: entry?.[0] ?? "", fields: (entry?.[1] ?? {}) as Readonly<Record<string, unknown>> };
}

/**
 * Whether Postgres refuses the statement inside a transaction.
 *
 * @see https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY and the pages of the
 * other commands
 */
export function runsOutside(tree: Tree): boolean {
  const { name, fields } = nodeOf(tree);
  switch (name) {
    case "IndexStmt":
    case "DropStmt":
      return fields["concurrent"] === true;
    case "ReindexStmt":
      return fields["kind"] !== "REINDEX_OBJECT_INDEX" && fields["kind"] !== "REINDEX_OBJECT_TABLE"
        ? true
        : hasOption(fields["params"], "concurrently");
    case "VacuumStmt":
      return fields["is_vacuumcmd"] === true;
    case "ClusterStmt":
      return fields["relation"] === undefined;
    case "DiscardStmt":
      return fields["target"] === "DISCARD_ALL";
    case "AlterTableStmt":
      return commandsOf(tree).some(
        ({ subtype, def }) =>
          subtype === "AT_DetachPartition" &&
          (def["PartitionCmd"] as { concurrent?: boolean })?.concurrent === true,
      );
    default:
      return beyondTheDatabase.has(name) && !byName.has(name);
  }
}

/** Statements about the whole server, or about a database by its name: a scratch database does not run them. */
export function isBeyondTheDatabase(tree: Tree): boolean {
  return beyondTheDatabase.has(nodeOf(tree).name);
}

/** Of those, what Postgres takes in a transaction, too. */
const byName: ReadonlySet<string> = new Set([
  "AlterDatabaseStmt",
  "AlterDatabaseSetStmt",
  "AlterDatabaseRefreshCollStmt",
]);

const beyondTheDatabase: ReadonlySet<string> = new Set([
  "AlterSystemStmt",
  "CreatedbStmt",
  "DropdbStmt",
  ...byName,
  "CreateTableSpaceStmt",
  "DropTableSpaceStmt",
  "CreateSubscriptionStmt",
  "DropSubscriptionStmt",
  "AlterSubscriptionStmt",
]);

/** One part of an ALTER TABLE. */
export interface AlterCommand {
  readonly subtype: string;
  readonly name: string | undefined;
  readonly def: Readonly<Record<string, unknown>>;
}

/** The parts of an ALTER TABLE; none of another statement. */
export function commandsOf(tree: Tree): readonly AlterCommand[] {
  const { name, fields } = nodeOf(tree);
  if (name !== "AlterTableStmt" || !Array.isArray(fields["cmds"])) return [];
  return fields["cmds"].flatMap((each: { readonly AlterTableCmd?: Partial<AlterCommand> }) => {
    const command = each.AlterTableCmd;
    return command?.subtype === undefined
      ? []
      : [{ subtype: command.subtype, name: command.name, def: command.def ?? {} }];
  });
}

/** Whether some node of this name is anywhere in the statement. */
export function contains(tree: unknown, name: string): boolean {
  if (Array.isArray(tree)) return tree.some((each) => contains(each, name));
  if (typeof tree !== "object" || tree === null) return false;
  return Object.entries(tree).some(([key, value]) => key === name || contains(value, name));
}

/** Statements that only read and write rows: which way they go through a table is the planner's choice. */
export function isPlanned(tree: Tree): boolean {
  return ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CreateTableAsStmt"].includes(
    nodeOf(tree).name,
  );
}

/** Whether a setting holds for the transaction only, as SET LOCAL and SET CONSTRAINTS. */
export function isTransactionSetting(tree: Tree): boolean {
  const { name, fields } = nodeOf(tree);
  return name === "ConstraintsSetStmt" || (name === "VariableSetStmt" && fields["is_local"] === true);
}

/** Whether what follows needs the same transaction: cursors, and temporary tables that go with it. */
export function bindsTransaction(tree: Tree): boolean {
  const { name, fields } = nodeOf(tree);
  if (name === "DeclareCursorStmt") return true;
  const into = (fields["into"] ?? {}) as { readonly onCommit?: string };
  return [fields["oncommit"], into.onCommit].some(
    (each) => each === "ONCOMMIT_DROP" || each === "ONCOMMIT_DELETE_ROWS",
  );
}

function hasOption(params: unknown, wanted: string): boolean {
  return (
    Array.isArray(params) &&
    params.some(
      (each: { readonly DefElem?: { readonly defname?: string } }) => each.DefElem?.defname === wanted,
    )
  );
}
