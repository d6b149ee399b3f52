import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { newEmail, register, type Answer } from "../support/requests.ts";
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

/** The milliseconds until an answer of this status. */
async function timeOf(send: () => Promise<Answer>, status: number): Promise<number> {
  const start = performance.now();
  expect((await send()).status).toBe(status);
  return performance.now() - start;
}

/**
 * How much longer one takes than the other, as a part of the time of both. What else runs on the machine slows both of a
 * pair alike, and the order within a pair changes: so the median of the differences stays near to none, where a hash that
 * one of them spares would make it the whole time of a hash.
 */
async function difference(one: () => Promise<Answer>, other: () => Promise<Answer>, status: number) {
  const differences = [];
  const times = [];
  await timeOf(one, status);
  for (let i = 0; i < PAIRS; i++) {
    const [first, second] = i % 2 === 0 ? [one, other] : [other, one];
    const pair = [await timeOf(first, status), await timeOf(second, status)] as const;
    differences.push(i % 2 === 0 ? pair[0] - pair[1] : pair[1] - pair[0]);
    times.push(...pair);
  }
  return Math.abs(median(differences)) / median(times);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

test("who is not known and a wrong password take the same time", async () => {
  const known = newEmail();
  await register(app.url, { email: known });
  const wrong = (email: string) => async () => await login(app.url, { email, password: "wrong horse" });
  expect(await difference(wrong(known), async () => await wrong(newEmail())(), 401)).toBeLessThan(1 / 3);
});

test("in uniform mode a known address and a new one take the same time to register", async () => {
  const another = await anyDatabase();
  const uniform = await serveApp(another.url, {
    registration: { mode: "uniform", perAddress: 0, perEmail: 0 },
  });
  try {
    const known = newEmail();
    const again = async () => await register(uniform.url, { email: known });
    expect(await difference(again, async () => await register(uniform.url), 202)).toBeLessThan(1 / 3);
  } finally {
    await uniform.close();
    await another.remove();
  }
});
