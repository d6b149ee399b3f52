import { describe, expect, test } from "vitest";

import { parseEmail } from "../../users/email.ts";

const LONG_DOMAIN = `${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(58)}.com`;

describe("an address is accepted", () => {
  test.each([
    ["ada@example.com", "ada@example.com"],
    ["Ada.Lovelace+news@Example.COM", "ada.lovelace+news@example.com"],
    ["o'hara_1=x@mail-2.example.co.uk", "o'hara_1=x@mail-2.example.co.uk"],
    ["\t ada@example.com\n", "ada@example.com"],
    ["jörg@Bücher.example", "jörg@xn--bcher-kva.example"],
    ["jo\u0308rg@bu\u0308cher.example", "jörg@xn--bcher-kva.example"],
    ["用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"],
    ["ÀÉ@EXAMPLE.com", "àé@example.com"],
    [`${"l".repeat(64)}@example.com`, `${"l".repeat(64)}@example.com`],
    [`${"l".repeat(64)}@${LONG_DOMAIN}`.slice(-254), `${"l".repeat(64)}@${LONG_DOMAIN}`.slice(-254)],
  ])("%j is known as %j", (text, normalized) => {
    expect(parseEmail(text)).toMatchObject({ kind: "accepted", value: { normalized } });
  });

  test("it is kept as typed, trimmed and composed", () => {
    const checked = parseEmail("  Jo\u0308rg@Example.COM ");
    expect(checked).toMatchObject({ value: { typed: "J\u00f6rg@Example.COM" } });
  });

  test("Unicode and punycode spellings of a domain are one address", () => {
    const unicode = parseEmail("a@bücher.example");
    const punycode = parseEmail("A@xn--bcher-kva.EXAMPLE");
    expect(unicode).toMatchObject({ value: { normalized: "a@xn--bcher-kva.example" } });
    expect(punycode).toMatchObject({ value: { normalized: "a@xn--bcher-kva.example" } });
  });
});

test.each([
  "",
  " ",
  "ada",
  "@",
  "@example.com",
  "ada@",
  "ada@example",
  "ada@@example.com",
  "ada@home@example.com",
  "ada lovelace@example.com",
  "ada@exam ple.com",
  ".ada@example.com",
  "ada.@example.com",
  "a..da@example.com",
  "ada@.example.com",
  "ada@example..com",
  "ada@example.com.",
  "ada@-example.com",
  "ada@example-.com",
  "ada@exa_mple.com",
  "ada@127.0.0.1",
  "ada@0x7f.1",
  "ada@[127.0.0.1]",
  "ada@ex%61mple.com",
  "ada@example.com/x",
  "ada@example.com:80",
  '"ada lovelace"@example.com',
  "<ada@example.com>",
  "Ada <ada@example.com>",
  "ada,bob@example.com",
  "ada\u0000@example.com",
  "ada\r\nBcc: x@example.com",
  "ada\u202e@example.com",
  `${"l".repeat(65)}@example.com`,
  `a@${"d".repeat(64)}.com`,
  `${"ö".repeat(33)}@example.com`,
  `${"l".repeat(64)}@${LONG_DOMAIN}`,
])("%j is no address", (text) => {
  expect(parseEmail(text)).toMatchObject({ kind: "refused", type: "value_error" });
});

test("an address whose domain is too long only in ASCII is refused", () => {
  const domain = `${"ü.".repeat(28)}example`;
  const text = `${"l".repeat(40)}@${domain}`;
  expect(Buffer.byteLength(text)).toBeLessThan(150);
  expect(parseEmail(text)).toMatchObject({ kind: "refused" });
});
