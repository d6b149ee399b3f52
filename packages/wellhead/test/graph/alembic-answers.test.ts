import { RevisionGraph } from "wellhead/graph";
import { afterAll, describe, expect, test } from "vitest";

import { graphKinds } from "./alembic-answers.ts";
import { inputsOf, readCases, type Case } from "./alembic-fixtures.ts";
import { disagreement, loadDisagreement } from "./alembic-matching.ts";

const counts = new Map<string, { agree: number; of: number }>();

function count(kind: string, reason: string | undefined): void {
  const entry = counts.get(kind) ?? { agree: 0, of: 0 };
  counts.set(kind, { agree: entry.agree + (reason === undefined ? 1 : 0), of: entry.of + 1 });
}

/** Every disagreement of one case, in words. */
function disagreements(fixture: Case): string[] {
  const inputs = inputsOf(fixture);
  const load = fixture.load;
  if (load !== undefined && fixture.name !== "duplicate_revision") {
    const reasons = ("anyOf" in load ? load.anyOf : [load]).map((expected) =>
      loadDisagreement(inputs, expected),
    );
    const reason = reasons.includes(undefined) ? undefined : reasons[0];
    count("load", reason);
    return reason === undefined ? [] : [`${fixture.name}: load: ${reason}`];
  }
  const graph = RevisionGraph.of(inputs);
  return fixture.queries
    .filter(({ kind }) => graphKinds.includes(kind))
    .flatMap((query) => {
      const reason = disagreement(graph, inputs, query);
      count(query.kind, reason);
      const { result: _result, error: _error, anyOf: _anyOf, ...question } = query;
      return reason === undefined ? [] : [`${fixture.name}: ${JSON.stringify(question)}: ${reason}`];
    });
}

describe("the answers of Alembic 1.19", () => {
  const cases = readCases().filter(({ name }) => name !== "duplicate_revision");

  test.each(cases.map((fixture) => [fixture.name, fixture] as const))("%s", (_name, fixture) => {
    expect(disagreements(fixture)).toEqual([]);
  });

  test("two revisions with one id are refused, where Alembic takes the later", () => {
    const fixture = readCases().find(({ name }) => name === "duplicate_revision");
    expect(() => RevisionGraph.of(inputsOf(fixture!))).toThrow(
      expect.objectContaining({ code: "E_DUPLICATE_REVISION" }),
    );
  });

  afterAll(() => {
    const lines = [...counts].map(([kind, { agree, of }]) => `${kind}: ${agree} of ${of} answers agree`);
    const total = [...counts.values()].reduce((sum, { agree, of }) => ({
      agree: sum.agree + agree,
      of: sum.of + of,
    }));
    console.log([...lines, `all: ${total.agree} of ${total.of} answers agree`].join("\n"));
  });
});
