import type { Session } from "../database/index.ts";
import type { Migrations } from "../migrate/index.ts";
import { withoutConcurrently } from "./concurrently.ts";
import { onBase } from "./on-base.ts";
import { ProofRevisions, type PrepareStep, type ProofRevision } from "./proof-revision.ts";
import { runRevision } from "./run-revision.ts";

/** What is produced, and how. */
export interface ProduceSchemaOptions {
  /** How a revision is read; default: `prepareStep`. */
  readonly prepare?: PrepareStep | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs all revisions that lead from nothing to a target, in the transaction that is open on an empty scratch
 * database. Statements that need no transaction, such as VACUUM, leave no schema and are left out.
 *
 * @throws {ProofBaseError} `E_PROOF_BASE` when one fails
 */
export async function produceSchema(
  session: Session,
  migrations: Migrations,
  targets: string | readonly string[],
  { prepare, signal }: ProduceSchemaOptions = {},
): Promise<void> {
  const revisions = new ProofRevisions(migrations, prepare);
  const done = new Set<string>();
  for (const target of [targets].flat()) {
    for (const { revision } of migrations.graph.planUpgrade({ from: [], to: target })) {
      if (done.has(revision)) continue;
      done.add(revision);
      signal?.throwIfAborted();
      const upgrade = insideOnly(await revisions.get(revision, "upgrade"));
      await onBase(async () => runRevision(session, upgrade, { signal }));
    }
  }
}

/** DETACH PARTITION CONCURRENTLY is the one that is left: the schema is the same without that word, but for a constraint. */
function insideOnly(revision: ProofRevision): ProofRevision {
  if (revision.body.kind !== "statements") return revision;
  const statements = revision.body.statements.map((statement) =>
    statement.needsNoTransaction ? { ...statement, script: withoutConcurrently(statement.text) } : statement,
  );
  return { ...revision, body: { kind: "statements", statements } };
}
