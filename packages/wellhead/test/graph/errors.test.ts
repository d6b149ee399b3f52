import { RevisionGraph, WellheadError } from "wellhead/graph";
import { describe, expect, test } from "vitest";

import { graphOf, inputsFrom } from "./graphs.ts";

/** What a run is refused with, as people read it. */
function refusal(run: () => unknown): { code: string; message: string; hint: string | undefined } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof WellheadError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
  throw new Error("nothing was refused");
}

// trunk1 - users1[users] - users2
//        \ orders1 - orders2
const graph = graphOf({
  trunk1: "",
  users1: "trunk1 [users]",
  users2: "users1",
  orders1: "trunk1",
  orders2: "orders1",
});

describe("loading says what is wrong, in which file, and what may have been meant", () => {
  test.each([
    [
      "a parent that is missing",
      { user01: "", user02: "usr01" },
      "E_MISSING_PARENT",
      "Revision user02 (migrations/user02.sql) revises usr01, which no file declares.",
      "did you mean user01? Otherwise bring back the file of usr01.",
    ],
    [
      "a dependency that is missing",
      { user01: "[users]", order1: "(user)" },
      "E_MISSING_DEPENDENCY",
      "Revision order1 (migrations/order1.sql) depends on user, which is neither a revision nor a branch label.",
      "did you mean users? A dependency is written in full.",
    ],
    [
      "a revision that revises itself",
      { a1: "a1" },
      "E_SELF_LOOP",
      "Revision a1 (migrations/a1.sql) revises itself.",
      "name the revision before it, or none",
    ],
    [
      "a revision that depends on itself",
      { a1: "", a2: "a1 (a2)" },
      "E_DEPENDENCY_SELF_LOOP",
      "Revision a2 (migrations/a2.sql) depends on itself.",
      "take it out of its own dependencies",
    ],
    [
      "revisions in a circle",
      { a1: "a3", a2: "a1", a3: "a2", b1: "a3" },
      "E_CYCLE",
      "These revisions revise each other in a circle: a1 (migrations/a1.sql) -> a3 (migrations/a3.sql) -> a2 (migrations/a2.sql) -> a1 (migrations/a1.sql).",
      "one of them has to revise a revision outside the circle, or none",
    ],
    [
      "a circle with revisions above and below it, which Alembic takes",
      { a1: "", a2: "a1 a3", a3: "a2", a4: "a3" },
      "E_CYCLE",
      "These revisions revise each other in a circle: a2 (migrations/a2.sql) -> a3 (migrations/a3.sql) -> a2 (migrations/a2.sql).",
      "one of them has to revise a revision outside the circle, or none",
    ],
    [
      "dependencies in a circle",
      { a1: "(b2)", b1: "(a1)", b2: "b1" },
      "E_DEPENDENCY_CYCLE",
      "These revisions need each other in a circle: a1 (migrations/a1.sql) -> b2 (migrations/b2.sql) -> b1 (migrations/b1.sql) -> a1 (migrations/a1.sql).",
      "take one of their dependencies away",
    ],
    [
      "a label that is declared twice",
      { a1: "[users]", b1: "[users]" },
      "E_DUPLICATE_LABEL",
      'The branch label "users" of revision b1 (migrations/b1.sql) is already the label of revision a1 (migrations/a1.sql).',
      "a branch label names one revision: choose another name",
    ],
    [
      "a label that is an id",
      { a1: "", b1: "[a1]" },
      "E_DUPLICATE_LABEL",
      'The branch label "a1" of revision b1 (migrations/b1.sql) is also the id of revision a1 (migrations/a1.sql).',
      "a branch label names one revision: choose another name",
    ],
  ])("%s", (_title, lines, code, message, hint) => {
    expect(refusal(() => graphOf(lines))).toEqual({ code, message, hint });
  });

  test("an id that is used twice", () => {
    const [input] = inputsFrom({ a1: "" });
    expect(refusal(() => RevisionGraph.of([input!, { ...input!, path: "migrations/a1_again.sql" }]))).toEqual(
      {
        code: "E_DUPLICATE_REVISION",
        message: "The revision id a1 is used more than once: migrations/a1.sql, migrations/a1_again.sql.",
        hint: "give one of them another id, or delete the copy",
      },
    );
  });

  test("an id with characters that targets use", () => {
    expect(refusal(() => RevisionGraph.of([{ revision: "b-a+d", path: "migrations/bad.sql" }]))).toEqual({
      code: "E_INVALID_REVISION_ID",
      message: 'The revision id "b-a+d" holds "+", "-" (in migrations/bad.sql).',
      hint: "targets use @ - + and : themselves; use letters, digits and _ for an id",
    });
  });
});

describe("a target that is refused names what there is", () => {
  test("several heads", () => {
    expect(refusal(() => graph.resolve("head"))).toEqual({
      code: "E_MULTIPLE_HEADS",
      message: 'Two heads: users2 (users), orders2. Cannot tell which one "head" means.',
      hint: "name one (`users@head`), take all (`heads`), or join them (`merge users2 orders2`)",
    });
  });

  test("a head that counts only for head, since something depends on it", () => {
    const graph = graphOf({ a1: "", b1: "(a1)" });
    expect(refusal(() => graph.resolve("head")).message).toBe(
      'Two heads: a1, b1. Cannot tell which one "head" means. b1 depends on a1, which therefore counts for "head" and not for "heads".',
    );
  });

  test("a name that is mistyped", () => {
    expect(refusal(() => graph.resolve("user2s"))).toEqual({
      code: "E_REVISION_NOT_FOUND",
      message: 'No revision or branch label is called or begins with "user2s".',
      hint: "did you mean users2?",
    });
  });

  test("a branch that does not exist", () => {
    expect(refusal(() => graph.resolve("usres@head"))).toMatchObject({ code: "E_REVISION_NOT_FOUND" });
    expect(refusal(() => graph.resolve("usres@users1"))).toEqual({
      code: "E_REVISION_NOT_FOUND",
      message: 'There is no branch "usres".',
      hint: "did you mean users? (the branch labels are users)",
    });
  });

  test("a revision that is not on the branch", () => {
    expect(refusal(() => graph.resolve("users@orders1"))).toEqual({
      code: "E_REVISION_NOT_FOUND",
      message: 'Revision orders1 is not on the branch "users".',
      hint: "say orders1 without the branch, or users@head for the head of the branch",
    });
  });

  test("a beginning that several have", () => {
    expect(refusal(() => graph.resolve("user"))).toEqual({
      code: "E_AMBIGUOUS_REVISION",
      message: 'Several revisions or labels start with "user": users1, users2, users.',
      hint: "write more of the id",
    });
  });

  test("a walk that forks", () => {
    expect(refusal(() => graph.planUpgrade({ from: ["trunk1"], to: "+1" }))).toEqual({
      code: "E_AMBIGUOUS_WALK",
      message: '"+1" is ambiguous: Revision trunk1 continues with users1, orders1.',
      hint: "name the branch as in `users1@+1`, or the revision itself",
    });
  });

  test("a walk from several versions", () => {
    expect(refusal(() => graph.planUpgrade({ from: ["users1", "orders1"], to: "+1" }))).toEqual({
      code: "E_AMBIGUOUS_WALK",
      message: '"+1" is ambiguous: the database stands at users1, orders1.',
      hint: "say from which: `users1+1`, or name a branch as in `label@+1`",
    });
  });

  test("a downgrade to what is not applied", () => {
    expect(refusal(() => graph.planDowngrade({ from: ["users1"], to: "orders1" }))).toEqual({
      code: "E_RANGE_NOT_ANCESTOR",
      message:
        "Revision orders1 is not applied, so nothing can be taken down to it; the database stands at users1.",
      hint: "name a revision below one of the versions, or upgrade to this one",
    });
  });

  test("a range where the database says where to start", () => {
    const refused = {
      code: "E_INVALID_TARGET",
      message: '"trunk1:users2" is a range, but where to start from is what the database says.',
      hint: "name the end alone; a range is for printing SQL without a database (--sql)",
    };
    expect(refusal(() => graph.planUpgrade({ from: [], to: "trunk1:users2" }))).toEqual(refused);
    expect(refusal(() => graph.planDowngrade({ from: [], to: "trunk1:users2" }))).toEqual(refused);
  });

  test("targets of which one is an ancestor of the other", () => {
    expect(refusal(() => graph.planUpgrade({ from: [], to: ["users1", "users2"] }))).toEqual({
      code: "E_OVERLAPPING_REVISIONS",
      message: "The targets overlap: users1 is an ancestor of users2.",
      hint: "name users2 alone; it brings users1 with it",
    });
  });

  test("a new revision on what is no head", () => {
    expect(refusal(() => graph.create({ head: "trunk1" }))).toEqual({
      code: "E_NOT_A_HEAD",
      message: "Revision trunk1 is no head: it is revised by users1, orders1.",
      hint: "say --splice to start a new branch there, or name a head",
    });
  });
});

describe("a database that does not fit the files gets the explanation and the ways out", () => {
  test("a version that no file declares", () => {
    const found = refusal(() => graph.planUpgrade({ from: ["users3"], to: "heads" }));
    expect(found.code).toBe("E_REVISION_NOT_FOUND");
    expect(found.message).toBe(
      "The database stands at users3, which no revision file declares. The nearest revision there is: users1.",
    );
    expect(found.hint).toContain("older than the database");
    expect(found.hint).toContain("another branch is checked out");
    expect(found.hint).toContain("stamp --purge");
  });

  test("a version beside its own ancestor", () => {
    expect(refusal(() => graph.planUpgrade({ from: ["users1", "users2"], to: "heads" }))).toEqual({
      code: "E_OVERLAPPING_REVISIONS",
      message:
        "The versions of the database overlap: it stands at users1 and at users2, which has users1 as an ancestor.",
      hint: "A database that stands at users2 needs no row for users1: set the versions anew with `stamp --purge users2`.",
    });
  });
});

test("an error carries its facts as data", () => {
  try {
    graph.resolve("head");
    expect.unreachable();
  } catch (error) {
    expect((error as WellheadError).toJSON()).toMatchObject({
      code: "E_MULTIPLE_HEADS",
      target: "head",
      heads: ["users2", "orders2"],
    });
  }
});
