// What can be said of a statement before it runs. No verdict comes from here: it decides how a statement is run and
// what is looked at while it runs.

import type { Node } from "libpg-query";

/** What matters of a statement for a proof. */
export interface StatementTraits {
  /** The parser's word for it: `CreateStmt`, `UpdateStmt`, … */
  readonly kind: string;
  /** It may do nothing without a word: IF EXISTS, IF NOT EXISTS, a DO block. */
  readonly isConditional: boolean;
  /** It writes rows, runs a block, or calls a function: what it does may hang on the rows that are there. */
  readonly dependsOnRows: boolean;
  /** It calls a function, or casts to a type that asks the catalogue, or names the catalogue itself. */
  readonly callsFunction: boolean;
}

/** The traits of a statement as Postgres' parser sees it. */
export function traitsOf(tree: Node): StatementTraits {
  const kinds = new Set<string>();
  let isConditional = false;
  let callsFunction = false;
  visit(tree, (kind, node) => {
    kinds.add(kind);
    callsFunction ||= kind === "FuncCall" && !isHarmless(node);
    isConditional ||= conditions.some((condition) => node[condition] === true);
  });
  const [kind = ""] = Object.keys(tree);
  return {
    kind,
    isConditional: isConditional || kind === "DoStmt",
    dependsOnRows: rowKinds.some((each) => kinds.has(each)),
    callsFunction,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The names by which the parser's nodes say IF EXISTS and IF NOT EXISTS. */
const conditions = ["if_not_exists", "missing_ok", "skipIfNewValExists"];

/** Functions of Postgres' own that look at their arguments only, or at the clock. */
const harmless = new Set(
  "now lower upper trim btrim ltrim rtrim initcap coalesce length abs round concat replace gen_random_uuid".split(
    " ",
  ),
);

function isHarmless({ funcname }: Fields): boolean {
  const parts: string[] = [];
  visit(funcname, (kind, { sval }) => {
    if (kind === "String") parts.push(String(sval));
  });
  const [schema, name] = parts.length === 1 ? [undefined, parts[0]] : parts;
  return (schema === undefined || schema === "pg_catalog") && harmless.has(name ?? "");
}

const rowKinds = [
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "CopyStmt",
  "TruncateStmt",
  "CreateTableAsStmt",
  "RefreshMatViewStmt",
  "DoStmt",
  "CallStmt",
  "FuncCall",
];

/** Goes through a tree of nodes, each an object with one key, its kind. A node's own fields come without that key. */
function visit(value: unknown, onNode: (kind: string, node: Fields) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, onNode);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (/^[A-Z]/.test(key) && typeof inner === "object" && inner !== null) onNode(key, inner as Fields);
      visit(inner, onNode);
    }
  }
}
