import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locateStatement, splitStatements } from "../../src/revisions/index.ts";

const texts = async (script: string): Promise<readonly string[]> =>
  (await splitStatements(script)).map(({ text }) => text);

describe("a script is split", () => {
  test("with the line and the offset of each statement, comments left out", async () => {
    const script = "-- first\nselect 'é😀';;\n\n/* second\n */ select 2 -- here\n;\nselect 3 -- end";
    const statements = await splitStatements(script, 10);
    expect(statements.map(({ text, line }) => [text, line])).toEqual([
      ["select 'é😀'", 11],
      ["select 2", 14],
      ["select 3", 16],
    ]);
    for (const { text, offset } of statements) expect(script.slice(offset, offset + text.length)).toBe(text);
  });

  test("around dollar quotes, nested comments, quoted semicolons and BEGIN ATOMIC", async () => {
    const statements = [
      "create function f() returns void as $$ begin perform 1; perform 2; end $$ language plpgsql",
      "create function g() returns int begin atomic select 1; select case when true then 2 end; end",
      "create rule r as on insert to t do also (select 1; select 2)",
      "select ';' as \"a;b\" /* ; /* ; */ ; */ from t",
      "do $a$ select ';' $b$;$b$ $a$",
    ];
    expect(await texts(`${statements.join(";\n")};\n`)).toEqual(statements);
  });

  test("into nothing when there is nothing", async () => {
    for (const script of ["", "\n", ";;", "-- only a comment", "/* only a comment */ ;"]) {
      expect(await texts(script)).toEqual([]);
    }
  });

  test("or refused with the line of the error", async () => {
    await expect(splitStatements("select 'é';\nselec 2;\n")).rejects.toMatchObject({
      code: "E_SQL_SYNTAX",
      line: 2,
      position: 13,
    });
  });
});

test("between the statements stand only blanks, comments and semicolons", async () => {
  const statement = fc.constantFrom(
    "select 1",
    "select 'é;😀'",
    "do $$ begin; end $$",
    'select ";" from "ü"',
    "create function g() returns int begin atomic select 1; select 2; end",
    "select /* ; */ 1",
    "select e'\\';'",
  );
  const between = fc.constantFrom(";", ";\n", "; -- c;\n", ";;", " /* ;é */ ; ", "\r\n;\r\n");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(statement, between)), async (pieces) => {
      const script = pieces.map(([sql, gap]) => sql + gap).join("");
      const statements = await splitStatements(script);
      expect(statements.map(({ text }) => text)).toEqual(pieces.map(([sql]) => sql));
      let end = 0;
      for (const { text, offset, line } of statements) {
        expect(script.slice(end, offset)).toMatch(/^(?:\s|;|--[^\n]*\n|\/\*[^*]*\*\/)*$/u);
        expect(line).toBe(script.slice(0, offset).split("\n").length);
        end = offset + text.length;
      }
    }),
    { numRuns: 300 },
  );
});

describe("a failed statement is found", () => {
  const script = { text: "select 1;\n\n-- the second\nselect\n  2;\nselect 3", line: 20 };

  test("by how many were done before it", async () => {
    expect(await locateStatement(script, 0)).toMatchObject({ line: 20, text: "select 1" });
    expect(await locateStatement(script, 1, 99)).toMatchObject({ line: 23, text: "select\n  2" });
    expect(await locateStatement(script, 2)).toMatchObject({ line: 25, text: "select 3" });
  });

  test("and is none of the script's when all of these were done", async () => {
    expect(await locateStatement(script, 3)).toBeUndefined();
    expect(await locateStatement(script, 5, 1000)).toBeUndefined();
  });

  test("by the position when the script does not parse", async () => {
    const broken = { text: "select 'é😀;';\nselect 1\nfrom wher;\nselec 3;\nselect 4", line: 5 };
    const position = Array.from(broken.text.slice(0, broken.text.indexOf("selec 3"))).length + 1;
    expect(await locateStatement(broken, 0, position)).toEqual({ line: 8, text: "selec 3" });
    expect(await locateStatement(broken, 0)).toEqual({ line: 8, text: "selec 3" });
  });

  test("at the last statement when the script ends too early", async () => {
    const broken = { text: "select 1;\nselect (2\n\n", line: 1 };
    expect(await locateStatement(broken, 0, 22)).toEqual({ line: 2, text: "select (2" });
    expect(await locateStatement(broken, 0)).toEqual({ line: 2, text: "select (2" });
  });
});
