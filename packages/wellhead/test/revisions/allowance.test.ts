import { expect, test } from "vitest";

import { replaceHead } from "../../src/revisions/index.ts";
import { readStaticRevisions } from "../../src/revisions/static-revisions.ts";
import { thrown } from "./support/thrown.ts";

function textWith(marker: string, ...allow: readonly string[]): string {
  const head = ["revision: aa11", "revises: ", ...allow.map((each) => `allow: ${each}`)];
  const body = marker === "--" ? "-- upgrade\n" : "export async function upgrade() {}\n";
  return `${head.map((line) => `${marker} ${line}`).join("\n")}\n\n${body}`;
}

function allowancesOf(path: string, text: string): unknown {
  return readStaticRevisions([{ path, text }])[0]?.allows;
}

test("several lines allow several things, in .sql and .ts alike", () => {
  const lines = [
    "access exclusive on users, billing.orders, because both are small",
    "ShareLock on users because nobody writes there",
    "failing on rows, because the app keeps e-mails unique",
  ];
  const expected = [
    {
      kind: "lock",
      mode: "AccessExclusiveLock",
      relations: ["users", "billing.orders"],
      reason: "both are small",
    },
    { kind: "lock", mode: "ShareLock", relations: ["users"], reason: "nobody writes there" },
    { kind: "failing-on-rows", reason: "the app keeps e-mails unique" },
  ];
  expect(allowancesOf("aa11.sql", textWith("--", ...lines))).toEqual(expected);
  expect(allowancesOf("aa11.ts", textWith("//", ...lines))).toEqual(expected);
});

test("another parent leaves the lines as they are", () => {
  const text = textWith("--", "share on users, because it is small", "failing on rows, because it is empty");
  const changed = replaceHead(text, { revises: ["bb22"] }, { path: "aa11.sql", language: "sql" });
  expect(changed).toBe(text.replace("-- revises:", "-- revises: bb22").replace("bb22 \n", "bb22\n"));
});

test.each([
  ["share on users", "gives no reason"],
  ["share on users, because", "gives no reason"],
  ["because I say so", "gives no reason"],
  ["everything, because I say so", "does not say what is allowed"],
  ["share on , because it is small", "does not say what is allowed"],
  ["shared on users, because it is small", "`shared` is no mode of a lock"],
])("`%s` is refused with its place", (line, message) => {
  const error = thrown(() => allowancesOf("aa11.sql", textWith("--", line)));
  expect(error).toMatchObject({ code: "E_REVISION_HEAD", path: "aa11.sql", line: 3, value: line });
  expect((error as Error).message).toContain(message);
});
