import { hash as bcrypt } from "@node-rs/bcrypt";
import { describe, expect, test } from "vitest";

import { createHashQueue } from "../../users/hash-queue.ts";
import { createPasswordHasher, NOBODYS_HASH } from "../../users/password-hash.ts";

const queue = createHashQueue({ concurrency: 2, maxWaiting: 10 });
const passwords = createPasswordHasher("argon2id", queue);
const LONG = "x7".repeat(40);

/** As passlib writes it, at the lowest cost. */
async function legacy(password: string, version: "2a" | "2b" | "2y" = "2b"): Promise<string> {
  return (await bcrypt(password, 4)).replace("$2b$", `$${version}$`);
}

test("an argon2id hash is verified, from whatever keyboard the password comes", async () => {
  const hash = await passwords.hash("caf\u00e9 au lait");
  expect(await passwords.verify("cafe\u0301 au lait", hash)).toBe(true);
  expect(await passwords.verify("cafe au lait", hash)).toBe(false);
  expect(passwords.isOutdated("caf\u00e9 au lait", hash)).toBe(false);
});

describe("a hash of passlib's", () => {
  test.each(["2a", "2b", "2y"] as const)("in the version %s is verified and outdated", async (version) => {
    const hash = await legacy("seven purple herons", version);
    expect(await passwords.verify("seven purple herons", hash)).toBe(true);
    expect(await passwords.verify("seven purple heron", hash)).toBe(false);
    expect(passwords.isOutdated("seven purple herons", hash)).toBe(true);
  });

  test("is compared with the bytes as they were typed", async () => {
    const hash = await legacy("ﬁve ﬁsh");
    expect(await passwords.verify("ﬁve ﬁsh", hash)).toBe(true);
    expect(await passwords.verify("five fish", hash)).toBe(false);
  });

  test("of more than 72 bytes still lets in who typed all of them, and is not replaced", async () => {
    const hash = await legacy(LONG);
    expect(await passwords.verify(LONG, hash)).toBe(true);
    expect(passwords.isOutdated(LONG, hash)).toBe(false);
    expect(passwords.isOutdated(LONG.slice(0, 72), hash)).toBe(true);
  });

  test("stays what it is while a Python service shares the table", async () => {
    const shared = createPasswordHasher("bcrypt", queue);
    expect(shared.isOutdated("seven purple herons", await legacy("seven purple herons"))).toBe(false);
    const modern = await passwords.hash("seven purple herons");
    expect(await shared.verify("seven purple herons", modern)).toBe(true);
  });
});

test.each([undefined, "", "secret", "$2b$12$short", "$argon2id$v=19$m=19456,t=2,p=1$abc", "!", "md5$1$2"])(
  "no password is that of the hash %j, nor is it an error",
  async (hash) => {
    expect(await passwords.verify("", hash)).toBe(false);
    expect(await passwords.verify(hash ?? "secret", hash)).toBe(false);
  },
);

test("what is checked in place of no hash costs as much as a new one", async () => {
  const settings = (hash: string) => hash.replace(/\$[^$]*\$[^$]*$/, "");
  const hash = await passwords.hash("seven purple herons");
  expect(settings(NOBODYS_HASH.argon2id)).toBe(settings(hash));
  expect(NOBODYS_HASH.argon2id).toHaveLength(hash.length);
  expect(NOBODYS_HASH.bcrypt).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/);
});
