import { expect, test } from "vitest";

import { graphOf } from "./graphs.ts";

test("a label belongs to all that descends from its revision, through merges", () => {
  // a1 - b1[users] - b2 - m1
  //    \ c1 ------------ /
  const graph = graphOf({ a1: "", b1: "a1 [users]", b2: "b1", c1: "a1", m1: "b2 c1" });
  expect(graph.labels()).toEqual({ b1: ["users"], b2: ["users"], m1: ["users"] });
});

test("on a line without forks it belongs to the ancestors too", () => {
  const graph = graphOf({ a1: "", a2: "a1 [users]", a3: "a2" });
  expect(graph.labels()).toEqual({ a1: ["users"], a2: ["users"], a3: ["users"] });
});

test("to ancestors it goes down to the first fork, and not onto it", () => {
  // a1 - a2 - b1 - b2[users]
  //         \ c1
  const graph = graphOf({ a1: "", a2: "a1", b1: "a2", b2: "b1 [users]", c1: "a2" });
  expect(graph.labels()).toEqual({ b1: ["users"], b2: ["users"] });
});

test("to ancestors it does not go past a merge", () => {
  const graph = graphOf({ a1: "", b1: "", m1: "a1 b1", m2: "m1 [users]" });
  expect(graph.labels()).toEqual({ m2: ["users"] });
});

test("a revision that others depend on counts as a fork", () => {
  const graph = graphOf({ a1: "", a2: "a1", a3: "a2 [users]", d1: "(a2)" });
  expect(graph.labels()).toEqual({ a3: ["users"] });
});

test("dependencies carry no labels", () => {
  const graph = graphOf({ a1: "[users]", d1: "(a1)" });
  expect(graph.labels()).toEqual({ a1: ["users"] });
});

test("the labels of a revision are sorted", () => {
  const graph = graphOf({ a1: "[users]", a2: "a1 [billing]" });
  expect(graph.get("a2")).toMatchObject({ labels: ["billing"], branchLabels: ["billing", "users"] });
});
