import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { countUsers, PASSWORD, postJson } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";
import { parseEmail } from "../../users/email.ts";
import { checkPassword, isPersonal } from "../../users/password-rules.ts";

/** Text of every kind: words, any code unit (NUL and halves of pairs too), and what is near to an address. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.emailAddress(),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom(..."abcXYZ.@@ -\0ßİKﬁ"), maxLength: 30 }),
);
const anything = fc.oneof(text, fc.jsonValue());

test("an address that is accepted is known by one form, which is an address itself", () => {
  fc.assert(
    fc.property(text, (typed) => {
      const checked = parseEmail(typed);
      if (checked.kind === "refused") return;
      const { normalized } = checked.value;
      expect(parseEmail(normalized)).toEqual({ kind: "accepted", value: { typed: normalized, normalized } });
      expect(parseEmail(checked.value.typed)).toEqual(checked);
    }),
    { numRuns: 2000 },
  );
});

test("the rules of passwords have an answer to every text", () => {
  fc.assert(
    fc.property(text, fc.array(anything), (password, known) => {
      checkPassword(password, { minLength: 8, scheme: "argon2id" });
      isPersonal(password, known);
    }),
    { numRuns: 2000 },
  );
});

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url);
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

test("whatever is sent is registered, known or refused, and never a fault", { timeout: 60_000 }, async () => {
  let registered = 0;
  const field = fc.oneof(
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        email: fc.oneof(fc.emailAddress(), anything),
        password: fc.oneof(fc.constant(PASSWORD), anything),
        full_name: field,
        extra: field,
      }),
      async (body) => {
        const { status } = await postJson(app.url, JSON.stringify(body));
        expect([201, 409, 413, 422]).toContain(status);
        if (status === 201) registered++;
      },
    ),
    { numRuns: 400 },
  );
  expect(await countUsers(app.url)).toBe(registered);
  expect(registered).toBeGreaterThan(0);
  expect(app.logged.filter(({ level }) => level === "error")).toEqual([]);
});
