import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { expect, test } from "vitest";

import { startBackend } from "../support/backend-process.ts";
import { anyDatabase, embeddedDatabase } from "../support/databases.ts";
import { newEmail, PASSWORD } from "../support/requests.ts";

/** A registration whose last byte is still to come. */
async function almostSent(
  url: string,
): Promise<{ socket: Socket; finish: () => void; answer: Promise<string> }> {
  const body = JSON.stringify({ email: newEmail(), password: PASSWORD });
  const socket = connect(Number(new URL(url).port), "localhost");
  await once(socket, "connect");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  socket.write(
    `POST /auth/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`,
  );
  return {
    socket,
    finish: () => void socket.write(body.slice(-1)),
    answer: once(socket, "close").then(() => text),
  };
}

test("a request that is under way is finished, and the port takes no other", async () => {
  const own = await embeddedDatabase();
  try {
    const server = startBackend({ DATABASE_URL: own.url });
    const url = await server.url();
    const { answer, finish } = await almostSent(url);
    server.kill("SIGTERM");
    await expect
      .poll(
        async () =>
          await fetch(url).then(
            () => "open",
            () => "closed",
          ),
      )
      .toBe("closed");
    finish();
    expect(await answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(await server.ended).toBe(0);

    const again = startBackend({ DATABASE_URL: own.url });
    expect(await (await fetch(`${await again.url()}/debug/users_count`)).json()).toEqual({ count: 1 });
  } finally {
    await own.remove();
  }
});

test("with SHUTDOWN_DELAY the port stays open for a while, and /readyz says 503 on it", async () => {
  const own = await anyDatabase();
  try {
    const server = startBackend({ DATABASE_URL: own.url, SHUTDOWN_DELAY: "1" });
    const url = await server.url();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.kill("SIGTERM");
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await server.ended).toBe(0);
  } finally {
    await own.remove();
  }
});

test("a client that never finishes keeps the process for less than 10 seconds", async () => {
  const own = await anyDatabase();
  try {
    const server = startBackend({ DATABASE_URL: own.url });
    const { answer } = await almostSent(await server.url());
    const started = performance.now();
    server.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    // Nine and a half, and what a busy machine adds.
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(await answer).toBe("");
  } finally {
    await own.remove();
  }
});
