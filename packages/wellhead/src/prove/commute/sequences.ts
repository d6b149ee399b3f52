import type { Session } from "../../database/index.ts";
import type { Scratch } from "../../scratch/index.ts";

/** Where each sequence stands: what it gave last, and whether it did. */
export type SequenceValues = ReadonlyMap<string, string>;

/** Where all sequences stand. Names as `format('%I.%I')` writes them. */
export async function readSequences(session: Session, scratch: Scratch): Promise<SequenceValues> {
  const rows =
    Number.parseInt(scratch.version, 10) >= 18
      ? await session.queryArrays(
          `SELECT ${NAME}, d.last_value::text || ', ' || d.is_called
           FROM ${SEQUENCES}, pg_catalog.pg_get_sequence_data(c.oid) d ORDER BY 1`,
        )
      : await readOneByOne(session);
  return new Map(rows.map(([name, value]) => [String(name), String(value)]));
}

/** The sequences that stand elsewhere than before. */
export function movedSequences(before: SequenceValues, after: SequenceValues): readonly string[] {
  return [...before.keys()].filter((name) => after.has(name) && after.get(name) !== before.get(name));
}

/**
 * Puts sequences back to where they stood, and the random numbers to a beginning: neither is undone by a rollback.
 * `shift` puts the sequences so much further on.
 */
export async function resetChance(
  session: Session,
  sequences: SequenceValues,
  { seed, shift = 0 }: { readonly seed: number; readonly shift?: number },
): Promise<void> {
  const calls = [...sequences].map(
    ([name, value]) => `pg_catalog.setval('${name.replaceAll("'", "''")}', ${withShift(value, shift)})`,
  );
  await session.run(`SELECT ${[`pg_catalog.setseed(${seed})`, ...calls].join(", ")}`);
}

function withShift(value: string, shift: number): string {
  const [last = "1", isCalled = "true"] = value.split(", ");
  return `${BigInt(last) + BigInt(shift)}, ${isCalled}`;
}

const NAME = "pg_catalog.format('%I.%I', n.nspname, c.relname)";
const SEQUENCES = `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n
  ON n.oid = c.relnamespace AND c.relkind = 'S' AND c.relpersistence <> 't'`;

/** A server before 18 tells of a sequence only to who reads it as a table. */
async function readOneByOne(session: Session): Promise<readonly (readonly unknown[])[]> {
  const names = (await session.queryArrays(`SELECT ${NAME} FROM ${SEQUENCES} ORDER BY 1`)).map(([name]) =>
    String(name),
  );
  const questions = names.map(
    (name) => `SELECT '${name.replaceAll("'", "''")}', last_value::text || ', ' || is_called FROM ${name}`,
  );
  return questions.length === 0 ? [] : await session.queryArrays(questions.join(" UNION ALL "));
}
