import { differencesWithin, differenceWords, schemaAfter } from "../../autogenerate/index.ts";
import { declareModels, modelsScope } from "../../models/index.ts";
import { produceSchema } from "../../prove/index.ts";
import type { Session } from "../../database/index.ts";
import type { SchemaDifference } from "../../schema/index.ts";
import { tellingUnseen } from "../provable-migrations.ts";
import { MODELS_WORDS } from "../schemas/models-words.ts";
import { ownTables, projectModels } from "../schemas/project-models.ts";
import { plural } from "../words.ts";
import type { CheckSection, CheckSubject, Finding, SectionOutcome } from "./check-section.ts";

/** The revisions produce what the models declare. */
export const modelsSection: CheckSection = {
  name: "models",
  failed: "they cannot be compared",
  run: async (subject) => {
    if (subject.migrations === undefined) return { kind: "skipped", reason: "the revisions do not load" };
    if (subject.workspace.configuration.models === undefined)
      return { kind: "skipped", reason: "the configuration names no models" };
    return await look(subject);
  },
};

async function look({ workspace, provable, scratch, tell, signal }: CheckSubject): Promise<SectionOutcome> {
  tell("reading the models");
  const models = await projectModels(workspace, { wanted: "check", cwd: process.cwd(), signal });
  const revisions = await provable();
  const { database } = await scratch();
  tell("comparing them with what the revisions produce");
  const compare = async (session: Session): Promise<readonly SchemaDifference[]> => {
    const there = await schemaAfter(session, async (at) =>
      produceSchema(at, revisions.migrations, "heads", { signal }),
    );
    const declared = await schemaAfter(session, async (at) => declareModels(at, models));
    const scope = modelsScope(models.reach, { there, declared }, ownTables(workspace));
    return differencesWithin(there, declared, scope);
  };
  const differences = await tellingUnseen(revisions, async () => database.withSession(compare));
  return {
    kind: "looked",
    findings: differenceWords(differences, MODELS_WORDS).map(finding),
    // Alembic's own words come first, which scripts look for.
    summary:
      differences.length === 0
        ? `No new upgrade operations detected. The revisions produce ${models.name}`
        : `New upgrade operations detected: ${plural(differences.length, "difference")} to ${models.name}`,
  };
}

function finding(message: string): Finding {
  return {
    code: "E_MODELS_DIFFER",
    message,
    hint: 'write what is missing with `wellhead revision --autogenerate -m "…"`, or correct the models',
  };
}
