import { expect, test } from "vitest";

import { createHashQueue } from "../../users/hash-queue.ts";

/** A piece of work that ends when it is told to. */
function pending() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: async () => await promise, resolve, reject };
}

test("so many run at a time, the others in the order in which they came", async () => {
  const queue = createHashQueue({ concurrency: 2, maxWaiting: 10 });
  const started: number[] = [];
  const works = [pending(), pending(), pending(), pending()];
  const results = works.map(
    async ({ work }, i) =>
      await queue(async () => {
        started.push(i);
        return await work();
      }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  works[1]!.resolve("second");
  await expect(results[1]).resolves.toBe("second");
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of works) resolve("done");
  await Promise.all(results);
  expect(started).toEqual([0, 1, 2, 3]);
});

test("one more than may wait is refused at once, and later ones are welcome again", async () => {
  const queue = createHashQueue({ concurrency: 1, maxWaiting: 1 });
  const first = pending();
  const second = pending();
  const results = [queue(first.work), queue(second.work)];
  await expect(queue(async () => "third")).rejects.toMatchObject({ code: "E_HASH_QUEUE_FULL", waiting: 1 });
  first.resolve("first");
  second.resolve("second");
  expect(await Promise.all(results)).toEqual(["first", "second"]);
  expect(await queue(async () => "fourth")).toBe("fourth");
});

test("work that fails gives its place to the next", async () => {
  const queue = createHashQueue({ concurrency: 1, maxWaiting: 1 });
  const first = pending();
  const failing = queue(first.work);
  const next = queue(async () => "next");
  first.reject(new Error("no memory"));
  await expect(failing).rejects.toThrow("no memory");
  expect(await next).toBe("next");
});
