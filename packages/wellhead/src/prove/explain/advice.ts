// The safer way, where there is one. docs/explain.md has each rule with its reason and the page of the manual.

import type { SqlStatement } from "../../revisions/index.ts";
import type { MeasuredStatement } from "../measure/rehearsal.ts";
import { commandsOf, nodeOf, runsOutside, type AlterCommand } from "../measure/statement-kind.ts";

/** What to do instead; undefined where nothing better is known, or nothing need be better. */
export function adviceFor(statement: MeasuredStatement): string | undefined {
  const { fails, tree } = statement;
  const remedy = fails === undefined ? undefined : remedyFor(fails, tree);
  const told =
    fails?.onRowsOnly === true && remedy !== undefined ? `fails only on tables with rows: ${remedy}` : remedy;
  const advice = [told, ...saferWays(statement)].filter((each) => each !== undefined);
  return advice.length === 0 ? undefined : [...new Set(advice)].join("; ");
}

/** What helps where a statement fails. */
export function remedyFor(
  { code, onRowsOnly }: Pick<NonNullable<MeasuredStatement["fails"]>, "code" | "onRowsOnly">,
  tree: SqlStatement["tree"] | undefined,
): string | undefined {
  if (!onRowsOnly) return failureWays[code];
  const commands = tree === undefined ? [] : commandsOf(tree);
  const adds = commands.some(({ subtype }) => subtype === "AT_AddColumn");
  switch (code) {
    case "23502":
      return adds
        ? `add the column with a DEFAULT, or without NOT NULL, fill it, then SET NOT NULL`
        : `fill the NULLs in the same revision, before SET NOT NULL`;
    case "23505":
      return `take the duplicates away before the unique index, in the same revision`;
    case "23514":
      return `correct the rows first, or add the constraint NOT VALID, correct them, then VALIDATE CONSTRAINT`;
    case "23503":
      return `take the rows without a parent away first, or add the key NOT VALID, correct them, then VALIDATE CONSTRAINT`;
    case "23P01":
      return `take the rows that collide away first`;
    case "22001":
    case "22003":
    case "22007":
    case "22008":
    case "22P02":
      return `some values do not fit the new type; say with USING what becomes of them, or correct them first`;
    default:
      return `some values that the table may hold do not pass; correct the rows first`;
  }
}

const failureWays: Readonly<Record<string, string>> = {
  "42804": "say with USING how the old values become new ones",
  "55P04":
    "use the new enum value in a later revision, and run with `--transaction each`: a value can be used once its transaction has ended",
  "25001": "put it into a revision of its own with `transaction: none` in its head",
};

function saferWays({ tree, effect }: MeasuredStatement): readonly (string | undefined)[] {
  const { name, fields } = nodeOf(tree);
  const isOnOld = effect.locks.length > 0;
  if (!isOnOld) return [];
  const isRewritten = effect.rewrites.length > 0;
  const isScanned = effect.scans.length > 0;
  switch (name) {
    case "IndexStmt":
      if (runsOutside(tree)) return [];
      return [
        `CREATE ${fields["unique"] === true ? "UNIQUE " : ""}INDEX CONCURRENTLY lets writes go on: ${OUTSIDE}`,
      ];
    case "DropStmt":
      return [dropAdvice(tree)];
    case "ReindexStmt":
      return runsOutside(tree) ? [] : [`REINDEX … CONCURRENTLY lets reads and writes go on: ${OUTSIDE}`];
    case "AlterTableStmt":
      return commandsOf(tree).map((command) => alterAdvice(command, { isRewritten, isScanned }));
    case "UpdateStmt":
    case "DeleteStmt":
      return isScanned
        ? [
            `in batches (a .ts revision with db.batches, or several runs by key): one statement over a whole table holds its row locks to the end`,
          ]
        : [];
    case "VacuumStmt":
    case "ClusterStmt":
      return isRewritten
        ? ["plain VACUUM lets reads and writes go on; pg_repack rewrites a table beside its use"]
        : [];
    case "RefreshMatViewStmt":
      return fields["concurrent"] === true
        ? []
        : ["REFRESH MATERIALIZED VIEW CONCURRENTLY lets reads go on; it needs a unique index on the view"];
    case "RenameStmt":
      return [renameAdvice(fields["renameType"])];
    case "TruncateStmt":
      return ["all rows are gone with it; keep a copy of what may still be needed"];
    default:
      return [];
  }
}

const OUTSIDE = "a revision of its own with `transaction: none` in its head";

function dropAdvice(tree: SqlStatement["tree"]): string | undefined {
  const { fields } = nodeOf(tree);
  switch (fields["removeType"]) {
    case "OBJECT_INDEX":
      return runsOutside(tree)
        ? undefined
        : `DROP INDEX CONCURRENTLY lets reads and writes go on: ${OUTSIDE}`;
    case "OBJECT_TABLE":
      return "deploy the code that no longer uses the table first, and keep a copy of what may still be needed";
    default:
      return undefined;
  }
}

function renameAdvice(type: unknown): string | undefined {
  if (type === "OBJECT_COLUMN" || type === "OBJECT_TABLE") {
    return "code that runs knows the old name only: rename when nobody uses it, or leave a view or a generated column under the old name";
  }
  return undefined;
}

interface Facts {
  readonly isRewritten: boolean;
  readonly isScanned: boolean;
}

function alterAdvice({ subtype, name, def }: AlterCommand, facts: Facts): string | undefined {
  switch (subtype) {
    case "AT_AddColumn":
      return facts.isRewritten || facts.isScanned ? columnAdvice(def) : undefined;
    case "AT_AddConstraint":
      return constraintAdvice(def["Constraint"] as ConstraintNode | undefined, facts);
    case "AT_SetNotNull":
      return facts.isScanned
        ? `ADD CHECK (${name ?? "column"} IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT in a later revision; SET NOT NULL then reads nothing`
        : undefined;
    case "AT_AlterColumnType":
      return facts.isRewritten
        ? "a new column beside the old one: fill it in batches, let the code change over, then drop the old one (varchar to a longer varchar or to text rewrites nothing)"
        : undefined;
    case "AT_DropColumn":
      return "deploy the code that no longer uses the column first, and keep a copy of what may still be needed";
    case "AT_AttachPartition":
      return facts.isScanned
        ? "add a CHECK with the partition's bounds NOT VALID and VALIDATE it first: ATTACH PARTITION then reads nothing"
        : undefined;
    case "AT_DetachPartition":
      return (def["PartitionCmd"] as { concurrent?: boolean } | undefined)?.concurrent === true
        ? undefined
        : `DETACH PARTITION … CONCURRENTLY lets reads and writes go on: ${OUTSIDE}`;
    case "AT_SetLogged":
    case "AT_SetUnLogged":
    case "AT_SetTableSpace":
    case "AT_SetAccessMethod":
      return facts.isRewritten ? "it writes the whole table anew: at a quiet hour, or pg_repack" : undefined;
    default:
      return undefined;
  }
}

interface ConstraintNode {
  readonly contype?: string;
  readonly skip_validation?: boolean;
  readonly indexname?: string;
}

function constraintAdvice(node: ConstraintNode | undefined, { isScanned }: Facts): string | undefined {
  if (node === undefined || node.skip_validation === true || node.indexname !== undefined) return undefined;
  switch (node.contype ?? "") {
    case "CONSTR_FOREIGN":
    case "CONSTR_CHECK":
      return isScanned
        ? "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a later revision, which lets writes go on"
        : undefined;
    case "CONSTR_NOTNULL":
      return isScanned
        ? "ADD … NOT NULL … NOT VALID (Postgres 18), then VALIDATE CONSTRAINT in a later revision"
        : undefined;
    case "CONSTR_UNIQUE":
    case "CONSTR_PRIMARY":
      return `CREATE UNIQUE INDEX CONCURRENTLY first (${OUTSIDE}), then ADD CONSTRAINT … USING INDEX`;
    case "CONSTR_EXCLUSION":
      return "there is no concurrent way for an exclusion constraint: at a quiet hour";
    default:
      return undefined;
  }
}

/** Of a column whose addition rewrites or reads the table. */
function columnAdvice(def: Readonly<Record<string, unknown>>): string | undefined {
  const column = (def["ColumnDef"] ?? {}) as {
    readonly constraints?: readonly {
      readonly Constraint?: { readonly contype?: string; readonly generated_kind?: string };
    }[];
    readonly typeName?: { readonly names?: readonly { readonly String?: { readonly sval?: string } }[] };
  };
  const constraints = (column.constraints ?? []).flatMap(({ Constraint }) => Constraint ?? []);
  const kinds = constraints.map(({ contype }) => contype);
  const type = column.typeName?.names?.at(-1)?.String?.sval ?? "";
  if (constraints.some((each) => each.generated_kind === "v")) return undefined;
  if (kinds.includes("CONSTR_GENERATED"))
    return "a virtual generated column (Postgres 18), or an ordinary column that a trigger keeps and batches fill";
  if (kinds.includes("CONSTR_IDENTITY") || /serial/u.test(type))
    return "add the column without a default, fill it in batches from a sequence, then SET DEFAULT";
  if (kinds.includes("CONSTR_UNIQUE") || kinds.includes("CONSTR_PRIMARY"))
    return `add the column alone, CREATE UNIQUE INDEX CONCURRENTLY (${OUTSIDE}), then ADD CONSTRAINT … USING INDEX`;
  if (kinds.includes("CONSTR_DEFAULT"))
    return "add the column without a default, SET DEFAULT, fill it in batches: a constant or now() as default rewrites nothing, a volatile one does";
  // Another part of the statement is at it.
  if (kinds.length === 0) return undefined;
  return "add the column alone, and its constraints NOT VALID; VALIDATE CONSTRAINT in a later revision";
}
