import { expect, test } from "vitest";

import { queueOrder, type HeadPair } from "../../src/cli/branches/queue-order.ts";

const heads = ["base", "one", "two", "three"];

function clash(first: string, second: string, ...runs: [boolean, boolean]): HeadPair {
  return { heads: [first, second], commute: false, runs };
}

test("heads that commute stand in the order in which they were named, and nothing moves", () => {
  const commuting: HeadPair = { heads: ["one", "two"], commute: true, runs: [true, true] };
  expect(queueOrder(heads, [commuting])).toEqual({ kind: "order", order: heads, moves: [] });
});

test("of two that clash the one goes first that has to, and the other is put onto it", () => {
  expect(queueOrder(heads, [clash("one", "two", false, true), clash("three", "one", true, true)])).toEqual({
    kind: "order",
    order: ["base", "two", "one", "three"],
    moves: [
      { head: "one", onto: ["two"] },
      { head: "three", onto: ["one"] },
    ],
  });
});

test("one that clashes with several goes onto all of them", () => {
  expect(
    queueOrder(heads, [clash("base", "two", true, false), clash("one", "two", true, true)]),
  ).toMatchObject({
    moves: [{ head: "two", onto: ["base", "one"] }],
  });
});

test("one that needs another's work goes behind it, whatever else it fails beside", () => {
  const pairs: HeadPair[] = [
    { ...clash("one", "two", false, true), failsAlone: ["one"] },
    { ...clash("one", "three", false, false), failsAlone: ["one"] },
  ];
  expect(queueOrder(heads, pairs)).toEqual({
    kind: "order",
    order: ["base", "two", "one", "three"],
    moves: [{ head: "one", onto: ["two"] }],
  });
});

test("where no order of two runs, or each waits for another, there is none", () => {
  expect(queueOrder(heads, [clash("one", "two", false, false)])).toEqual({
    kind: "none",
    heads: ["one", "two"],
  });
  const circle = [
    clash("one", "two", true, false),
    clash("two", "three", true, false),
    clash("three", "one", true, false),
  ];
  expect(queueOrder(heads, circle)).toEqual({ kind: "none", heads: ["one", "two", "three"] });
});
