import { describe, expect, test } from "vitest";

import { graphOf } from "./graphs.ts";

// trunk1 - users1[users] - users2
//        \ orders1[orders] - orders2
// audit1[audit] (depends on users2)
const graph = graphOf({
  trunk1: "",
  users1: "trunk1 [users]",
  users2: "users1",
  orders1: "trunk1 [orders]",
  orders2: "orders1",
  audit1: "[audit] (users2)",
});

describe.each([
  ["an id", "users1", ["users1"]],
  ["a label: the revision that declares it", "users", ["users1"]],
  ["the beginning of an id", "tru", ["trunk1"]],
  ["base: nothing", "base", []],
  ["heads: what nothing revises or depends on", "heads", ["orders2", "audit1"]],
  ["the head of a branch", "orders@head", ["orders2"]],
  ["the heads of a branch, dependencies aside", "users@heads", ["users2"]],
  ["a revision as a branch", "orders1@head", ["orders2"]],
  ["an id on a branch", "users@users2", ["users2"]],
  ["an ancestor of a branch", "users@trunk1", ["trunk1"]],
  ["the beginning of an id on a branch", "orders@orders2", ["orders2"]],
  ["steps down from every head", "-1", ["orders1", "base"]],
  ["steps down from the heads of a branch", "orders@-2", ["trunk1"]],
  ["steps beyond base", "audit@-2", [null]],
])("%s", (_title, target, found) => {
  test(target, () => expect(graph.resolve(target)).toEqual(found));
});

test("current stands for the versions, where they are given", () => {
  expect(graph.resolve("current", { versions: ["users1", "orders2"] })).toEqual(["users1", "orders2"]);
  expect(() => graph.resolve("current")).toThrow(expect.objectContaining({ code: "E_REVISION_NOT_FOUND" }));
});

test("an id of three characters or fewer has to be written out", () => {
  const short = graphOf({ abc: "", abcd: "abc" });
  expect(short.resolve("abc")).toEqual(["abc"]);
  expect(short.resolve("ab")).toEqual(["abcd"]);
  expect(() => graphOf({ abc: "" }).resolve("ab")).toThrow(
    expect.objectContaining({ code: "E_REVISION_NOT_FOUND" }),
  );
});

test("a branch narrows down what a beginning can mean", () => {
  const graph = graphOf({ left01: "[a]", left02: "left01", left03: "[b]" });
  expect(graph.resolve("b@left")).toEqual(["left03"]);
});
