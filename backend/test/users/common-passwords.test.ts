import { dictionary } from "@zxcvbn-ts/language-common";
import { expect, test } from "vitest";

import { isCommonPassword } from "../../users/common-passwords.ts";

test("every entry of the list is found, also in upper case", () => {
  const missed = dictionary["passwords-common"].filter(
    (password) => !isCommonPassword(password.toUpperCase()),
  );
  expect(missed).toEqual([]);
});

test("others are not", () => {
  for (const password of ["", "seven purple herons", "__proto__"])
    expect(isCommonPassword(password)).toBe(false);
});
