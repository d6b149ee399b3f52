import { expect, test } from "vitest";

import { planLanding } from "../../src/cli/branches/landing.ts";
import { loadMigrations } from "../../src/migrate/index.ts";
import { readStaticRevisions } from "../../src/revisions/index.ts";

const revisions = ["aa11", "bb22", "cc33", "dd44"].map((id) => {
  const content = `-- revision: ${id}\n-- revises: ${id === "aa11" ? "" : "aa11"}\n\n-- upgrade\n`;
  return { path: `m/${id}.sql`, text: content };
});

const united = {
  revisions: readStaticRevisions(revisions).map((file) => ({
    file,
    path: file.path,
    refs: file.revision === "aa11" ? [] : [`branch-${file.revision}`],
    content: file.inMemory?.text ?? "",
  })),
  branches: ["dd44", "cc33", "bb22"].map((id) => ({
    ref: `branch-${id}`,
    commit: "",
    changed: [],
    deleted: [],
  })),
  problems: [],
  close: () => undefined,
};

test("heads that commute two by two and not together land one behind the other, as they were named", () => {
  const landing = planLanding(united, loadMigrations(revisions), {
    pairs: [],
    groups: [{ heads: ["bb22", "cc33", "dd44"], verdict: "order-dependent" }],
    unfilled: [],
  });
  expect(landing).toMatchObject({
    kind: "order",
    order: [{ head: "dd44" }, { head: "cc33" }, { head: "bb22" }],
    moves: [
      { revision: "bb22", from: ["aa11"], to: ["cc33"] },
      { revision: "cc33", from: ["aa11"], to: ["dd44"] },
    ],
  });
});

test("one that has to follow several revises them all, and none twice", () => {
  const after = (first: string, second: string) => ({
    heads: [first, second] as const,
    verdict: "conflict" as const,
    orders: [
      { order: [first, second], ok: true },
      { order: [second, first], ok: false },
    ] as const,
  });
  const migrations = loadMigrations(revisions);
  const several = planLanding(united, migrations, {
    pairs: [after("bb22", "dd44"), after("cc33", "dd44")],
    unfilled: [],
  });
  expect(several).toMatchObject({ moves: [{ revision: "dd44", to: ["cc33", "bb22"] }] });
  const chain = planLanding(united, migrations, {
    pairs: [after("bb22", "cc33"), after("bb22", "dd44"), after("cc33", "dd44")],
    unfilled: [],
  });
  expect(chain).toMatchObject({
    moves: [
      { revision: "cc33", to: ["bb22"] },
      { revision: "dd44", to: ["cc33"] },
    ],
  });
});
