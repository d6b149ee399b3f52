import { differencesWithin, differenceWords, schemaAfter, type Make } from "../../autogenerate/index.ts";
import { readDatabaseState, type DatabaseState } from "../../migrate/index.ts";
import { produceSchema } from "../../prove/index.ts";
import {
  differingObject,
  readSchema,
  type SchemaDifference,
  type SchemaSnapshot,
} from "../../schema/index.ts";
import { tellingUnseen } from "../provable-migrations.ts";
import { databaseScope } from "../schemas/database-scope.ts";
import { ownTables } from "../schemas/project-models.ts";
import { retoldSnapshot } from "../schemas/schema-side.ts";
import { plural, versionList } from "../words.ts";
import type { Workspace } from "../workspace.ts";
import type { CheckSection, CheckSubject, Finding, SectionOutcome } from "./check-section.ts";

/** The live database is what its versions produce. */
export const driftSection: CheckSection = {
  name: "drift",
  failed: "they cannot be compared",
  run: async (subject) => {
    if (subject.migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    if (!subject.workspace.hasDatabase())
      return { kind: "skipped", reason: "no database: give --url, or set DATABASE_URL" };
    return await look(subject);
  },
};

const WORDS = {
  onlyBefore: "produced by the revisions, not in the database",
  onlyAfter: "in the database, in no revision",
  before: "the revisions produce",
  after: "the database has",
};

async function look({ workspace, provable, scratch, tell, signal }: CheckSubject): Promise<SectionOutcome> {
  tell("reading the schema of the database");
  const { state, schema: live } = await readLive(workspace);
  const { display } = workspace.target();
  if (state.versions.length === 0)
    return {
      kind: "skipped",
      reason: `${display} stands at no revision: \`wellhead baseline\` makes a first one`,
    };
  const revisions = await provable();
  const { database } = await scratch();
  tell("comparing it with what its versions produce");
  const produce: Make = async (at) => produceSchema(at, revisions.migrations, state.versions, { signal });
  const [produced, there] = await tellingUnseen(revisions, async () =>
    database.withSession(
      async (session) =>
        [await schemaAfter(session, produce), await retoldSnapshot(session, live, produce)] as const,
    ),
  );
  const differences = differencesWithin(produced, there, databaseScope(ownTables(workspace)));
  const counted = differences.filter((difference) => isDrift(difference, produced));
  const incomparable = counted.filter(({ kind }) => kind === "incomparable");
  const drifted = counted.filter(({ kind }) => kind !== "incomparable");
  const words = differenceWords(drifted, WORDS);
  return {
    kind: "looked",
    findings: words.map(finding),
    notes: differenceWords(incomparable, WORDS).map((message) => ({ message })),
    summary:
      words.length === 0
        ? `${display} is what ${versionList(state.versions)} produces`
        : `${plural(words.length, "difference")} between ${display} and what ${versionList(state.versions)} produces`,
  };
}

async function readLive(
  workspace: Workspace,
): Promise<{ readonly state: DatabaseState; readonly schema: SchemaSnapshot }> {
  return await workspace.withDatabase(async (database) =>
    database.withSession(async (session) => ({
      state: await readDatabaseState(session, workspace.versionTable),
      schema: await readSchema(session),
    })),
  );
}

/**
 * Whether a difference is one. What a host or an operator sets up beside the revisions is none: schemas of which no
 * revision speaks, extensions, rights and publications that only the database has, and a materialized view that was filled.
 */
function isDrift(difference: SchemaDifference, produced: SchemaSnapshot): boolean {
  if (difference.kind === "changed" && isFilled(difference)) return false;
  if (difference.kind !== "added") return true;
  const { kind, schema } = differingObject(difference);
  if (["extension", "grant", "publication", "event trigger"].includes(kind)) return false;
  if (schema === undefined || schema === "public") return true;
  return [...produced.values()].some((object) => object.schema === schema);
}

/** A materialized view that is the same but for its rows: those are nobody's schema. */
function isFilled({ before, after }: Extract<SchemaDifference, { readonly kind: "changed" }>): boolean {
  const [had, has] = [before, after].map(({ definition }) =>
    definition.replace(/(?<=^|\) )with no data /, ""),
  );
  return after.kind === "materialized view" && had === has;
}

function finding(message: string): Finding {
  return {
    code: "E_DRIFT",
    message,
    hint: "write a revision that says the same, or take it back in the database; `wellhead diff heads database --sql` prints the statements",
  };
}
