import { describe, expect, test } from "vitest";
import { checkScript, refuseTransactionControl } from "../../src/revisions/index.ts";

const file = { path: "migrations/a.sql" };
const check = (text: string): Promise<void> => checkScript({ text, line: 10 }, file);

describe("a script is refused", () => {
  test.each([
    ["begin;", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["select 1;\n\n  BEGIN ISOLATION LEVEL SERIALIZABLE;\n", "E_REVISION_TRANSACTION_CONTROL", 12],
    ["select 1;\ncommit", "E_REVISION_TRANSACTION_CONTROL", 11],
    ["/* a\n */ rollback;", "E_REVISION_TRANSACTION_CONTROL", 11],
    ["-- a\nstart transaction;", "E_REVISION_TRANSACTION_CONTROL", 11],
    ["savepoint a;", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["rollback to a", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["release a", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["abort", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["end;", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["prepare transaction 'x'", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["commit and chain", "E_REVISION_TRANSACTION_CONTROL", 10],
    ["this is no SQL;\ncommit;", "E_REVISION_TRANSACTION_CONTROL", 11],
    ["copy t from stdin;\n1\tO'Brien; (\n\\.\n", "E_REVISION_COPY", 10],
    ["COPY t (a, b) FROM STDIN WITH (FORMAT csv);\n", "E_REVISION_COPY", 10],
    ["copy t to stdout", "E_REVISION_COPY", 10],
    ["copy (select 1; select 2) to stdout;\ncopy (select 1) to stdout", "E_REVISION_COPY", 11],
    ["select 1;\n\\connect other\nselect 2;", "E_REVISION_META_COMMAND", 11],
    ["\\i 'other.sql'", "E_REVISION_META_COMMAND", 10],
    ["select 1 \\gset\n", "E_REVISION_META_COMMAND", 10],
  ])("%j", async (text, code, line) => {
    const refusal = check(text);
    await expect(refusal).rejects.toMatchObject({ code, path: file.path, line });
    await expect(refusal).rejects.toThrow(`migrations/a.sql:${line}: `);
  });

  test("with the statement and the way out", async () => {
    await expect(check("select 1; Commit")).rejects.toMatchObject({
      message:
        "migrations/a.sql:10: `Commit` would interfere with the transaction that the revision runs in.",
      statement: "Commit",
      hint: expect.stringContaining("transaction: none"),
    });
  });
});

test("outside a transaction it is the count of statements that they would interfere with", async () => {
  const outside = checkScript({ text: "select 1; begin", line: 10 }, { ...file, transaction: "none" });
  await expect(outside).rejects.toMatchObject({
    message: expect.stringContaining("with the count of statements"),
    hint: expect.stringContaining("a revision without `transaction: none`"),
  });
});

describe("a script passes", () => {
  test.each([
    ["nothing suspicious", "create table t (a int);"],
    ["the words in strings", "select 'begin; commit;', $$ rollback; $$, 'a\\b', e'\\\\';"],
    ["the words in comments", "-- begin;\n/* commit; \\connect */ select 1;"],
    [
      "the words as names",
      'select "begin" from "copy"; alter table t add column "end" text, add release text;',
    ],
    [
      "a body in PL/pgSQL",
      "do $$ begin perform 1; end; $$;\ncreate function f() returns void as $$ begin end $$ language plpgsql;",
    ],
    ["a body in SQL", "create procedure p() begin atomic select 1; select 2; end;\nselect 2;"],
    ["CASE … END", "select case when true then 1 end;\nselect 1"],
    ["a prepared statement", "prepare p as select 1; execute p;"],
    ["a COPY on the server", "copy t from '/srv/t.csv'; copy t from program 'cat';"],
    ["what Postgres itself refuses", "begin work now; copy from; select 'never ends"],
  ])("with %s", async (_, text) => {
    await expect(check(text)).resolves.toBeUndefined();
  });
});

test("SQL of a .ts revision is refused in the same way, without a line", async () => {
  await expect(refuseTransactionControl("select 1", file)).resolves.toBeUndefined();
  await expect(refuseTransactionControl("select 1; commit", file)).rejects.toMatchObject({
    code: "E_REVISION_TRANSACTION_CONTROL",
    message: expect.stringMatching(/^migrations\/a\.sql: `commit`/u),
    line: undefined,
  });
});
