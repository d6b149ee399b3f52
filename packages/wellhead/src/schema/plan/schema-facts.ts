// pg-delta is an alpha, so this file and plan-change.ts are all that know it: what it plans is run and judged by our
// own snapshot before anybody sees it. It is loaded by whoever plans, not before.

import type { DependencyEdge, Fact, FactBase } from "@supabase/pg-delta";
import type { Pool, PoolClient } from "pg";
import type { Session } from "../../database/index.ts";
import type { SchemaScope, ScopedObject } from "../schema-scope.ts";

/** A schema as a plan needs it: objects with what they depend on. Read it with `readFacts`. */
export interface SchemaFacts {
  readonly base: FactBase;
  /** Kinds of objects that are there and that no plan knows, such as `statistics object`. */
  readonly unknownKinds: readonly string[];
}

/** Reads the schema for a plan, in the transaction that is open on the session. */
export async function readFacts(session: Session): Promise<SchemaFacts> {
  const { extract } = await import("@supabase/pg-delta");
  const { factBase, diagnostics } = await extract(poolOf(session));
  const unknownKinds = diagnostics
    .filter(({ code }) => code === "unmodeled_kind")
    .map(({ context }) => String(context?.["kind"]));
  return { base: factBase, unknownKinds };
}

/**
 * The facts of what is meant, and what those depend on among them. Who owns what is never planned, and what the scope
 * does not count of a table is as in `other`, so that no plan changes it.
 */
export async function factsWithin(
  { base }: SchemaFacts,
  scope: SchemaScope,
  other: SchemaFacts,
): Promise<FactBase> {
  const { buildFactBase, encodeId } = await import("@supabase/pg-delta");
  const isParentIn = (fact: Fact): boolean => {
    if (fact.parent === undefined) return true;
    const parent = base.get(fact.parent);
    return parent === undefined || isIn(parent);
  };
  const isIn = (fact: Fact): boolean => {
    const object = isNotNullOfDomain(fact) ? undefined : objectOf(fact, base);
    return object !== undefined && scope.includes(object) && isParentIn(fact);
  };
  const facts = base
    .facts()
    .filter(isIn)
    .map((fact) => withUncounted(fact, other.base.get(fact.id), scope));
  const kept = new Set(facts.map(({ id }) => encodeId(id)));
  const edges = base.edges.filter(
    ({ kind, from, to }: DependencyEdge) =>
      kind !== "owner" && kept.has(encodeId(from)) && kept.has(encodeId(to)),
  );
  return buildFactBase(facts, [...edges], base.source);
}

/** From 17 on it is a constraint with a name besides the mark that every version knows, and that is planned. */
function isNotNullOfDomain({ id, parent, payload }: Fact): boolean {
  return (
    id.kind === "constraint" && parent?.kind === "domain" && textOf(payload["def"]).startsWith("NOT NULL")
  );
}

/** How a table is stored and what else a source of tables cannot say. */
const UNCOUNTED: Readonly<Record<string, readonly string[]>> = {
  table: [
    "persistence",
    "forceRowSecurity",
    "replicaIdentity",
    "replicaIdentityIndex",
    "partitionKey",
    "partitionBound",
    "parentTable",
    "reloptions",
  ],
  column: ["collation"],
};

function withUncounted(fact: Fact, counterpart: Fact | undefined, scope: SchemaScope): Fact {
  if (!scope.isLogical || counterpart === undefined) return fact;
  const names = [
    ...(UNCOUNTED[fact.id.kind] ?? []),
    ...(fact.id.kind === "table" && !scope.hasRowSecurity ? ["rowSecurity"] : []),
  ].filter((name) => name in counterpart.payload);
  if (names.length === 0) return fact;
  const uncounted = Object.fromEntries(names.map((name) => [name, counterpart.payload[name] ?? null]));
  return { ...fact, payload: { ...fact.payload, ...uncounted } };
}

/** The object of our snapshot that a fact is, or is a part of; undefined for what is no object of a schema. */
function objectOf(fact: Fact, base: FactBase): ScopedObject | undefined {
  const { id, payload } = fact;
  switch (id.kind) {
    case "role":
    case "membership":
    case "subscription":
    case "extensionIntent":
      return undefined;
    case "comment":
    case "securityLabel": {
      const target = base.get(id.target);
      const of = target === undefined ? undefined : objectOf(target, base);
      const kind = id.kind === "comment" ? "comment" : "security label";
      const isInitial = "text" in payload && payload["text"] === "standard public schema";
      return of === undefined || isInitial ? undefined : { ...of, kind };
    }
    case "acl": {
      const target = base.get(id.target);
      const of = target === undefined ? undefined : objectOf(target, base);
      // What the owner may do, and what Postgres gives on the schema public, is nothing that was granted.
      if (of === undefined || "_ownerDefault" in payload) return undefined;
      if (id.target.kind === "schema" && id.target.name === "public" && id.grantee === "PUBLIC") {
        if (JSON.stringify(payload["privileges"]) === '["USAGE"]') return undefined;
      }
      return { ...of, kind: "grant" };
    }
    case "defaultPrivilege":
      return { kind: "grant", definition: "", ...(id.schema !== null && { schema: id.schema }) };
    case "table":
    case "foreignTable": {
      const isPartition = payload["partitionBound"] !== null && payload["partitionBound"] !== undefined;
      const definition = isPartition ? "partition of" : id.kind === "foreignTable" ? "foreign" : "";
      return { kind: "table", schema: id.schema, table: id.name, definition };
    }
    case "view":
      return { kind: "view", schema: id.schema, table: id.name, definition: "" };
    case "materializedView":
      return { kind: "materialized view", schema: id.schema, table: id.name, definition: "" };
    case "column":
    case "default":
      return { kind: "column", schema: id.schema, table: id.table, definition: "" };
    case "constraint":
      return {
        kind: "constraint",
        schema: id.schema,
        ...(fact.parent?.kind !== "domain" && { table: id.table }),
        definition: textOf(payload["def"]),
      };
    case "trigger":
    case "rule":
    case "policy":
      return { kind: id.kind, schema: id.schema, table: id.table, definition: "" };
    case "index": {
      const table = fact.parent !== undefined && "name" in fact.parent ? fact.parent.name : undefined;
      return {
        kind: "index",
        schema: id.schema,
        ...(table !== undefined && { table }),
        definition: textOf(payload["def"]),
      };
    }
    case "sequence": {
      const ownedBy = payload["ownedBy"] as { readonly table: string } | null;
      return {
        kind: "sequence",
        schema: id.schema,
        ...(ownedBy !== null && { table: ownedBy.table }),
        definition: "",
      };
    }
    case "domain":
    case "type":
      return { kind: "type", schema: id.schema, definition: typeDefinition(id.kind, payload) };
    case "typeAttribute":
      return { kind: "type", schema: id.schema, definition: "composite" };
    case "collation":
      return { kind: "collation", schema: id.schema, definition: "" };
    case "function":
    case "procedure":
    case "aggregate":
      return { kind: id.kind, schema: id.schema, definition: "" };
    case "schema":
      return { kind: "schema", schema: id.name, definition: "" };
    case "extension":
    case "language":
    case "publication":
      return { kind: id.kind, definition: "" };
    case "publicationRel":
    case "publicationSchema":
      return { kind: "publication", definition: "" };
    case "eventTrigger":
      return { kind: "event trigger", definition: "" };
    case "fdw":
      return { kind: "foreign data wrapper", definition: "" };
    case "server":
      return { kind: "foreign server", definition: "" };
    case "userMapping":
      return { kind: "user mapping", definition: "" };
    default:
      id satisfies never;
      return undefined;
  }
}

function typeDefinition(kind: "domain" | "type", payload: Fact["payload"]): string {
  return kind === "domain" ? "domain" : textOf(payload["variant"]);
}

function textOf(value: Fact["payload"][string] | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A session for pg-delta, which wants a pool and begins a transaction of its own: here it is a savepoint. */
function poolOf(session: Session): Pool {
  const client = {
    query: async (sql: string) => {
      const [word = ""] = sql.split(" ");
      if (word === "BEGIN") await session.run("SAVEPOINT wellhead_facts");
      else if (word === "COMMIT" || word === "ROLLBACK")
        await session.run("ROLLBACK TO SAVEPOINT wellhead_facts; RELEASE SAVEPOINT wellhead_facts");
      else return { rows: await session.query(sql) };
      return { rows: [] };
    },
    release: () => undefined,
  };
  return { connect: async () => client as unknown as PoolClient } as unknown as Pool;
}
