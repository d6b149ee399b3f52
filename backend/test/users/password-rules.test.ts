import { describe, expect, test } from "vitest";

import { checkPassword, isPersonal, type PasswordRules } from "../../users/password-rules.ts";

const RULES: PasswordRules = { minLength: 8, scheme: "argon2id" };

function verdict(password: string, rules: PasswordRules = RULES): string {
  const checked = checkPassword(password, rules);
  return checked.kind === "accepted" ? "accepted" : checked.type;
}

describe("length", () => {
  test("one character is too short, eight are enough", () => {
    expect(verdict("x")).toBe("string_too_short");
    expect(verdict("tz7q-wv")).toBe("string_too_short");
    expect(verdict("tz7q-wvk")).toBe("accepted");
  });

  test("it is counted in code points", () => {
    expect(verdict("🦉🦊🐝🦇")).toBe("string_too_short");
    expect(verdict("🦉🦊🐝🦇🐢🦎🐙🦀")).toBe("accepted");
  });

  test("a character that NFKC makes eight of does not count as eight, nor one of two code points as two", () => {
    expect(verdict("\ufdfa")).toBe("string_too_short");
    expect(verdict("o\u0308".repeat(7))).toBe("string_too_short");
  });

  test("128 characters of any script are accepted, 5,000 are not", () => {
    expect(verdict("🦉".repeat(128))).toBe("accepted");
    expect(verdict("x".repeat(1024))).toBe("accepted");
    expect(verdict("x".repeat(5000))).toBe("string_too_long");
  });

  test("the minimum can be raised", () => {
    expect(verdict("tz7q-wvk-m4", { ...RULES, minLength: 15 })).toBe("string_too_short");
  });

  test("bcrypt takes 72 bytes, and nothing is cut off in silence", () => {
    const bcrypt: PasswordRules = { minLength: 8, scheme: "bcrypt" };
    expect(verdict("x".repeat(72), bcrypt)).toBe("accepted");
    expect(verdict("x".repeat(73), bcrypt)).toBe("string_too_long");
    expect(verdict("ö".repeat(37), bcrypt)).toBe("string_too_long");
  });
});

describe("common passwords", () => {
  test.each([
    "password",
    "PASSWORD",
    "Password123",
    "ｐａｓｓｗｏｒｄ",
    "12345678",
    "qwertyuiop",
    "iloveyou",
    "1q2w3e4r",
  ])("%s is refused", (password) => {
    expect(verdict(password)).toBe("password_common");
  });

  test("what merely contains one is not", () => {
    expect(verdict("password of seven herons")).toBe("accepted");
  });

  test("no composition is asked for", () => {
    expect(verdict("seven purple herons")).toBe("accepted");
    expect(verdict("        x")).toBe("accepted");
  });
});

describe("what everybody knows of a user is no password", () => {
  const known = ["Ada.Lovelace@example.com", "Ada Lovelace"];

  test.each(["ada.lovelace@example.com", "ADA.LOVELACE", "ada lovelace", "AdaLovelace", "ＡＤＡ lovelace"])(
    "%s",
    (password) => {
      expect(isPersonal(password, known)).toBe(true);
    },
  );

  test("folding knows letters with several small forms", () => {
    expect(isPersonal("STRASSENFEST", ["straßenfest@example.com", ""])).toBe(true);
  });

  test("more than that is the user's own", () => {
    expect(isPersonal("ada.lovelace.1815", known)).toBe(false);
    expect(isPersonal("seven purple herons", ["", ""])).toBe(false);
  });

  test("a field that was refused is not compared", () => {
    expect(isPersonal("seven purple herons", [undefined, Object.freeze({})])).toBe(false);
  });
});
