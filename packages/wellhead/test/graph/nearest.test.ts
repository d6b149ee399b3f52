import { expect, test } from "vitest";
import { nearestName } from "wellhead/graph";

test.each([
  ["usres", ["orders", "users"], "users"],
  ["user", ["orders", "users"], "users"],
  ["3f2a91bd", ["3f2a91bc", "91bc3f2a"], "3f2a91bc"],
  ["3f2b", ["3f2a", "3f2c"], "3f2a"],
  ["billing", ["users", "orders"], undefined],
  ["users", [], undefined],
])("%j among %j is %j", (wanted, names, nearest) => {
  expect(nearestName(wanted, names)).toBe(nearest);
});
