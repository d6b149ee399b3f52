import fc from "fast-check";
import { expect, test } from "vitest";

import { createVersionTable, quoteLiteral, versionRowChanges } from "../../src/migrate/version-table.ts";

test("a revision on its only parent updates the row", () => {
  expect(versionRowChanges(["a"], ["b"])).toEqual([{ kind: "update", from: "a", to: "b" }]);
});

test("a merge deletes all rows but one and updates that", () => {
  expect(versionRowChanges(["a", "b", "c"], ["m"])).toEqual([
    { kind: "delete", id: "a" },
    { kind: "delete", id: "b" },
    { kind: "update", from: "c", to: "m" },
  ]);
});

test("taking a merge back inserts all parents but one", () => {
  expect(versionRowChanges(["m"], ["a", "b"])).toEqual([
    { kind: "insert", id: "b" },
    { kind: "update", from: "m", to: "a" },
  ]);
});

test("the changes always lead from the one set of rows to the other", () => {
  const rows = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 6 });
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const table = new Set(before);
      for (const change of versionRowChanges(before, after)) {
        if (change.kind === "insert") table.add(change.id);
        else if (change.kind === "delete") expect(table.delete(change.id)).toBe(true);
        else {
          expect(table.delete(change.from)).toBe(true);
          table.add(change.to);
        }
      }
      expect([...table].toSorted()).toEqual([...new Set(after)].toSorted());
    }),
  );
});

test("the table is Alembic's", () => {
  expect(createVersionTable("public", "alembic_version")).toBe(
    'CREATE TABLE IF NOT EXISTS "public"."alembic_version" (version_num VARCHAR(32) NOT NULL, CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num))',
  );
});

test("a quote or a backslash in an id stays inside its literal", () => {
  expect(quoteLiteral("it's")).toBe("'it''s'");
  expect(quoteLiteral("a\\'b")).toBe("E'a\\\\''b'");
});
