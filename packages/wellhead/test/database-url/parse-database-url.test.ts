import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDatabaseUrl } from "wellhead/database-url";
import { expectRefusal, type Vector } from "./vector.ts";

const fixture = new URL("../fixtures/database-urls.json", import.meta.url);
const vectors = JSON.parse(readFileSync(fixture, "utf8")) as readonly Vector[];

describe("every vector holds", () => {
  test.each(vectors)("$name: $why", (vector) => {
    if ("error" in vector) expectRefusal(vector.env, vector.error);
    else expect(parseDatabaseUrl(vector.env)).toStrictEqual(vector.expect);
  });
});
