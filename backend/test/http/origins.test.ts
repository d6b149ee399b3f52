import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

let own: OwnDatabase;

beforeAll(async () => {
  own = await anyDatabase();
});
afterAll(async () => await own.remove());

async function preflight(app: ServedApp, origin: string) {
  return await ask(`${app.url}/auth/register`, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type",
    },
  });
}

describe("with ALLOWED_ORIGINS", () => {
  let app: ServedApp;
  beforeAll(async () => {
    app = await serveApp(own.url, {
      allowedOrigins: ["https://app.example.com"],
      trustProxy: 1,
      docs: false,
    });
  });
  afterAll(async () => await app.close());

  test("a page of such an origin may call, with cookies", async () => {
    const { headers, status } = await preflight(app, "https://app.example.com");
    expect(status).toBe(204);
    expect(headers.get("Access-Control-Allow-Origin")).toBe("https://app.example.com");
    expect(headers.get("Access-Control-Allow-Credentials")).toBe("true");
    expect(headers.get("Access-Control-Allow-Headers")).toContain("Content-Type");
    const answer = await ask(`${app.url}/healthz`, { headers: { Origin: "https://app.example.com" } });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example.com");
    expect(answer.headers.get("Vary")).toContain("Origin");
  });

  test("a page of any other may not", async () => {
    for (const origin of ["https://evil.example.com", "https://app.example.com.evil.com", "null"]) {
      const { headers, status } = await preflight(app, origin);
      expect([status, headers.get("Access-Control-Allow-Origin")]).toEqual([405, null]);
    }
  });

  test("what goes through TLS is to go through TLS for a year", async () => {
    const secure = await ask(`${app.url}/healthz`, { headers: { "X-Forwarded-Proto": "https" } });
    expect(secure.headers.get("Strict-Transport-Security")).toBe("max-age=31536000");
    const plain = await ask(`${app.url}/healthz`);
    expect(plain.headers.get("Strict-Transport-Security")).toBeNull();
  });

  test("without the documentation /docs and /openapi.json do not exist, and nothing leads there", async () => {
    expect((await ask(`${app.url}/docs`)).status).toBe(404);
    expect((await ask(`${app.url}/openapi.json`)).status).toBe(404);
    expect((await ask(`${app.url}/`)).body).not.toContain("docs");
  });
});

test("without ALLOWED_ORIGINS no origin is told anything", async () => {
  const app = await serveApp(own.url);
  try {
    const { headers, status } = await preflight(app, "https://app.example.com");
    expect([status, headers.get("Access-Control-Allow-Origin")]).toEqual([405, null]);
  } finally {
    await app.close();
  }
});
