import { differencesWithin, differenceWords } from "../../autogenerate/index.ts";
import {
  planChange,
  readableSql,
  type SchemaDifference,
  type SchemaObject,
  type SchemaScope,
  type ScopedObject,
} from "../../schema/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption } from "../command-options.ts";
import { databaseScope } from "../schemas/database-scope.ts";
import { ownTables } from "../schemas/project-models.ts";
import { readSides, schemaSide, type ReadSide } from "../schemas/schema-side.ts";

/** Exits as `diff` does: 0 when both are the same, 1 when they are not. */
export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { arguments: words, options, output } = context;
  const workspace = await context.workspace();
  const [a = "", b = ""] = words;
  const sides = [await schemaSide(a, workspace, context), await schemaSide(b, workspace, context)] as const;
  output.live.show(`Comparing ${sides[0].name} with ${sides[1].name}`);
  try {
    const [before, after] = await readSides(sides, workspace, context);
    const scope = databaseScope(ownTables(workspace));
    const differences = differencesWithin(before.snapshot, after.snapshot, scope);
    const told = differenceWords(differences, {
      onlyBefore: `only in ${sides[0].name}`,
      onlyAfter: `only in ${sides[1].name}`,
      before: `in ${sides[0].name}`,
      after: `in ${sides[1].name}`,
    });
    const isSql = flagOption(options, "sql");
    const statements = isSql
      ? await planChange(before.facts, after.facts, withoutSameViews(scope, before, after))
      : [];
    const sql = statements.map(({ sql: text, losesData }) => ({ sql: `${readableSql(text)};`, losesData }));
    return {
      lines: isSql
        ? sql.map((each) => (each.losesData ? `-- loses data\n${each.sql}` : each.sql))
        : told.length === 0
          ? [`No difference between ${sides[0].name} and ${sides[1].name}.`]
          : told,
      json: {
        equal: differences.length === 0,
        words: told,
        differences: differences.map(document),
        ...(isSql && { sql }),
      },
      exitCode: differences.length === 0 ? 0 : 1,
    };
  } finally {
    output.live.hide();
  }
}

/** A view that is the same and only written otherwise by another version of Postgres is not made anew. */
function withoutSameViews(scope: SchemaScope, before: ReadSide, after: ReadSide): SchemaScope {
  if (!before.isRetold && !after.isRetold) return scope;
  const isSame = ({ kind, schema, table }: ScopedObject): boolean =>
    (kind === "view" || kind === "materialized view") &&
    [...before.snapshot].some(
      ([key, object]) =>
        object.kind === kind &&
        object.schema === schema &&
        object.table === table &&
        after.snapshot.get(key)?.definition === object.definition,
    );
  return { ...scope, includes: (object) => scope.includes(object) && !isSame(object) };
}

function document(difference: SchemaDifference): unknown {
  const before = "before" in difference ? difference.before : undefined;
  const after = "after" in difference ? difference.after : undefined;
  const { kind, name } = (after ?? before) as SchemaObject;
  return {
    change: difference.kind,
    kind,
    name,
    before: before?.definition ?? null,
    after: after?.definition ?? null,
  };
}
