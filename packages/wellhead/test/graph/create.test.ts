import { describe, expect, test } from "vitest";

import { graphOf } from "./graphs.ts";

// a1[aa] - a2
// b1[bb]
const graph = graphOf({ a1: "[aa]", a2: "a1", b1: "[bb]" });

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

describe("a new revision", () => {
  test("revises the only head unless told otherwise", () => {
    expect(graphOf({ a1: "" }).create()).toEqual({ revises: ["a1"], dependsOn: [], labels: [] });
    expect(graphOf({}).create()).toEqual({ revises: [], dependsOn: [], labels: [] });
    expect(() => graph.create()).toThrow(code("E_MULTIPLE_HEADS"));
  });

  test("goes on from the head of a branch", () => {
    expect(graph.create({ head: "aa@head" }).revises).toEqual(["a2"]);
  });

  test("on base is a new base", () => {
    expect(graph.create({ head: "base", branchLabel: "cc" })).toEqual({
      revises: [],
      dependsOn: [],
      labels: ["cc"],
    });
  });

  test("on heads merges them", () => {
    expect(graph.create({ head: "heads" }).revises).toEqual(["a2", "b1"]);
  });

  test("on what is no head has to be told to splice", () => {
    expect(() => graph.create({ head: "a1" })).toThrow(code("E_NOT_A_HEAD"));
    expect(graph.create({ head: "a1", splice: true }).revises).toEqual(["a1"]);
  });

  test("takes labels and dependencies as one or as several", () => {
    expect(graph.create({ head: "b1", branchLabel: ["x", "y"], dependsOn: "a2" })).toEqual({
      revises: ["b1"],
      dependsOn: ["a2"],
      labels: ["x", "y"],
    });
  });

  test("keeps a label as what it depends on, and completes an id", () => {
    const graph = graphOf({ first1: "[aa]", second2: "[bb]" });
    expect(graph.create({ head: "base", dependsOn: ["seco", "aa"] }).dependsOn).toEqual(["aa", "second2"]);
  });

  test("cannot depend on base", () => {
    expect(() => graph.create({ head: "b1", dependsOn: "base" })).toThrow(code("E_INVALID_TARGET"));
  });

  test.each([
    ["an id that is taken", { head: "b1", revision: "a1" }, "E_DUPLICATE_REVISION"],
    ["the id of what it revises", { head: "b1", revision: "b1" }, "E_SELF_LOOP"],
    ["an id with a character of targets", { head: "b1", revision: "x-1" }, "E_INVALID_REVISION_ID"],
    ["an empty id", { head: "b1", revision: "" }, "E_INVALID_REVISION_ID"],
    ["an id of 33 characters", { head: "b1", revision: "x".repeat(33) }, "E_REVISION_ID_TOO_LONG"],
    ["an id that is a label", { head: "b1", revision: "aa" }, "E_DUPLICATE_LABEL"],
    ["a label that is taken", { head: "b1", branchLabel: "aa" }, "E_DUPLICATE_LABEL"],
    ["a label that is an id", { head: "b1", branchLabel: "a1" }, "E_DUPLICATE_LABEL"],
    ["a head named twice", { head: ["b1", "bb"] }, "E_DUPLICATE_HEAD"],
    ["a head that is not there", { head: "nope" }, "E_REVISION_NOT_FOUND"],
  ])("is refused with %s", (_title, options, wanted) => {
    expect(() => graph.create(options)).toThrow(code(wanted));
  });

  test("may have an id of 32 characters", () => {
    expect(graph.create({ head: "b1", revision: "x".repeat(32) }).revises).toEqual(["b1"]);
  });
});

describe("a merge", () => {
  test("revises what is named, in that order", () => {
    expect(graph.merge(["b1", "a2"])).toEqual({ revises: ["b1", "a2"], dependsOn: [], labels: [] });
    expect(graph.merge("heads").revises).toEqual(["a2", "b1"]);
  });

  test("of what is no head has to be told to splice", () => {
    expect(() => graph.merge(["a1", "b1"])).toThrow(code("E_NOT_A_HEAD"));
    expect(graph.merge(["a1", "b1"], { splice: true }).revises).toEqual(["a1", "b1"]);
  });

  test("can have a label", () => {
    expect(graph.merge("heads", { branchLabel: "joined" }).labels).toEqual(["joined"]);
  });
});
