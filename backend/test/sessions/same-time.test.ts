import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { newEmail, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";
import { login } from "../support/sign-in.ts";

const PAIRS = 25;

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

async function timeOf(email: string): Promise<number> {
  const start = performance.now();
  expect((await login(app.url, { email, password: "wrong horse" })).status).toBe(401);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

// What else runs on the machine slows both of a pair alike, and the order within a pair changes: so the median of the
// differences stays near to none, where a hash that one of them spares would make it the whole time of a hash.
test("who is not known and a wrong password take the same time", async () => {
  const known = newEmail();
  await register(app.url, { email: known });
  await timeOf(known);
  const differences = [];
  const times = [];
  for (let i = 0; i < PAIRS; i++) {
    const isFirst = i % 2 === 0;
    const first = await timeOf(isFirst ? known : newEmail());
    const second = await timeOf(isFirst ? newEmail() : known);
    differences.push(isFirst ? first - second : second - first);
    times.push(first, second);
  }
  expect(Math.abs(median(differences))).toBeLessThan(median(times) / 3);
});
