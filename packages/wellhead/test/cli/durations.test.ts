import { describe, expect, test } from "vitest";

import { countOption, durationOption } from "../../src/cli/durations.ts";

describe("a duration on the command line", () => {
  test.each([
    ["0", 0],
    ["300", 300_000],
    ["1.5", 1_500],
    ["500ms", 500],
    ["30s", 30_000],
    ["5min", 300_000],
    ["1h", 3_600_000],
    [" 2 s ", 2_000],
  ])("«%s» is %d ms", (text, ms) => {
    expect(durationOption({ wait: text }, "wait", "--wait")).toBe(ms);
  });

  test.each(["", "-1", "soon", "2 parsecs", "1e3", "1.2.3", "99999999999", "ms", "Infinity"])(
    "«%s» is none",
    (text) => {
      expect(() => durationOption({ wait: text }, "wait", "--wait")).toThrow(/^--wait needs a duration/);
    },
  );

  test("that was not given is not there", () => {
    expect(durationOption({}, "wait", "--wait")).toBeUndefined();
  });
});

describe("a count on the command line", () => {
  test.each(["0", "20"])("«%s» is one", (text) => {
    expect(countOption({ retries: text }, "retries", "--retries")).toBe(Number(text));
  });

  test.each(["", "-1", "1.5", "many", "12345678901"])("«%s» is none", (text) => {
    expect(() => countOption({ retries: text }, "retries", "--retries")).toThrow(/^--retries needs a count/);
  });
});
