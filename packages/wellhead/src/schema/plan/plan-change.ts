import type { Action, FactBase } from "@supabase/pg-delta";
import { WellheadError } from "../../wellhead-error.ts";
import type { SchemaScope } from "../schema-scope.ts";
import { inReadingOrder } from "./reading-order.ts";
import { factsWithin, type SchemaFacts } from "./schema-facts.ts";

/** A statement of a plan. */
export interface PlannedStatement {
  readonly sql: string;
  /** It drops what holds rows, or values of rows. */
  readonly losesData: boolean;
  /** What it uses (a value of an enum) must have been committed. */
  readonly needsCommitBefore: boolean;
}

/**
 * In which order a plan is given: as a person would write it, or as it was found. Where what depends on what is not in
 * the catalogue (the body of a function), either may be the one that runs.
 */
export type PlanOrder = "readable" | "found";

/** E_UNPLANNABLE: no way is known from one schema to the other. */
class UnplannableError extends WellheadError {
  constructor(reason: string, cause: unknown) {
    super("E_UNPLANNABLE", `No way was found from one schema to the other: ${reason}`, {
      hint: "write the revision by hand (`wellhead revision -m …`), and see with `wellhead check` that it leads there",
      cause,
    });
  }
}

/**
 * The statements that lead from one schema to the other, as far as `scope` goes, in an order that meets what depends
 * on what; a table is one statement where it can be. Nothing is taken for renamed. It is a proposal: run it, and compare
 * what it leaves.
 *
 * @throws {UnplannableError} `E_UNPLANNABLE` when there is none
 */
export async function planChange(
  from: SchemaFacts,
  to: SchemaFacts,
  scope: SchemaScope,
  order: PlanOrder = "readable",
): Promise<readonly PlannedStatement[]> {
  const { encodeId, plan } = await import("@supabase/pg-delta");
  const [source, desired] = [await factsWithin(from, scope, from), await factsWithin(to, scope, from)];
  try {
    const { actions } = plan(source, desired, {
      renames: "off",
      assumedRoles: roles(source, desired),
      assumedSchemas: schemas(from.base, to.base),
    });
    const sides = { source, desired, keyOf: encodeId };
    const ordered = order === "readable" ? inReadingOrder(actions, sides) : actions;
    return withoutRepetition(ordered).map(({ sql, dataLoss, newSegmentBefore }) => ({
      sql: sql.trim().replace(/;$/, ""),
      losesData: dataLoss === "destructive",
      needsCommitBefore: newSegmentBefore,
    }));
  } catch (error) {
    throw new UnplannableError(error instanceof Error ? error.message : String(error), error);
  }
}

/** Roles are nobody's schema: whom something is granted, and by whom, is there already. */
function roles(...bases: readonly FactBase[]): string[] {
  const names = bases.flatMap((base) =>
    base.facts().flatMap(({ id, payload }) => {
      if (id.kind === "acl") return [id.grantee];
      if (id.kind === "defaultPrivilege") return [id.grantee, id.role];
      if (id.kind === "policy" && Array.isArray(payload["roles"])) return payload["roles"].map(String);
      return [];
    }),
  );
  return [...new Set(names)];
}

function schemas(...bases: readonly FactBase[]): string[] {
  const names = bases.flatMap((base) =>
    base.facts().flatMap(({ id }) => (id.kind === "schema" ? [id.name] : [])),
  );
  return [...new Set(names)];
}

/** A statement that stands twice counts where it comes last, when all that it needs is there; one that drops where it comes first. */
function withoutRepetition(actions: readonly Action[]): readonly Action[] {
  return actions.filter(({ sql }, index) => {
    const isRemoval = /\bDROP\b/.test(sql);
    const others = isRemoval ? actions.slice(0, index) : actions.slice(index + 1);
    return !others.some((other) => other.sql === sql);
  });
}
