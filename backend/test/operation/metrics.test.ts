import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url, {
    metrics: { kind: "token", token: "scraper" },
    hashQueue: { concurrency: 1, maxWaiting: 2 },
  });
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

/** Every series with its value. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { body, headers } = await ask(`${app.url}/metrics`, { headers: { Authorization: "Bearer scraper" } });
  expect(headers.get("Content-Type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = String(body)
    .split("\n")
    .filter((line) => /^\w/.test(line));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

test("without the token it does not exist", async () => {
  expect((await ask(`${app.url}/metrics`)).status).toBe(404);
  expect((await ask(`${app.url}/metrics`, { headers: { Authorization: "Bearer x" } })).status).toBe(404);
});

test("requests are counted by route and status, whatever paths are asked for", async () => {
  await register(app.url);
  await register(app.url, { email: "ada" });
  await ask(`${app.url}/nothing/1`);
  await ask(`${app.url}/nothing/2`);
  await ask(`${app.url}/auth/register`);
  const series = await scrape();
  const count = (labels: string) => series.get(`http_request_duration_seconds_count{${labels}}`);
  expect(count('method="POST",route="/auth/register",status="201"')).toBe(1);
  expect(count('method="POST",route="/auth/register",status="422"')).toBe(1);
  expect(count('method="GET",route="none",status="405"')).toBe(1);
  expect(count('method="GET",route="none",status="404"')).toBe(2);
  expect(series.get("http_requests_in_flight")).toBe(1);
  expect(series.get('user_events_total{event="registered"}')).toBe(1);
  expect([...series.keys()].join("\n")).not.toContain("nothing");
});

test("the hash queue tells who ran, who waited and who was turned away", async () => {
  const before = (await scrape()).get("password_hash_wait_seconds_count") ?? 0;
  const answers = await Promise.all(Array.from({ length: 8 }, async () => await register(app.url)));
  const served = answers.filter(({ status }) => status === 201).length;
  const series = await scrape();
  expect(series.get("password_hash_wait_seconds_count")).toBe(before + served);
  expect(series.get("password_hashes_refused_total")).toBe(8 - served);
  expect(series.get("password_hashes_running")).toBe(0);
  expect(series.get("password_hashes_waiting")).toBe(0);
});

test("the database's sessions and whether it is up are read at that moment", async () => {
  const release = Promise.withResolvers<void>();
  const held = app.database.withSession(async () => await release.promise);
  const series = await scrape();
  release.resolve();
  await held;
  expect(series.get("database_up")).toBe(app.database.maxSessions > 1 ? 1 : 0);
  expect(series.get('database_sessions{state="in_use"}')).toBe(1);
  expect(series.get("database_sessions_max")).toBe(app.database.maxSessions);
  expect(series.get("process_resident_memory_bytes")).toBeGreaterThan(1e6);
});
