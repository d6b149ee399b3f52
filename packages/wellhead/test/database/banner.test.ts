import { expect, test } from "vitest";

import { bannerLine, connectivityFailedLine, connectivityOkLine } from "../../src/database/index.ts";
import { WellheadError } from "../../src/wellhead-error.ts";
import { targetOf } from "./pg-target.ts";

test("the banner names a server without its user and password", () => {
  const url = "postgresql://ada:hidden@db.example.com/app?sslmode=require";
  expect(bannerLine(targetOf(url))).toBe(
    "DB INIT | mode=EXTERNAL_POSTGRES | url=db.example.com:5432/app?sslmode=require",
  );
});

test("the banner names the embedded Postgres and its folder", () => {
  expect(bannerLine(targetOf(""))).toBe("DB INIT | mode=EMBEDDED_PGLITE | url=pglite:./.data/pglite");
});

test("success is one fixed line", () => {
  expect(connectivityOkLine).toBe("DB connectivity OK");
});

test("a failure is one line whatever the error's message looks like", () => {
  const error = new WellheadError("E_X", "first\n  second", { hint: "do\nthis" });
  expect(connectivityFailedLine(error)).toBe("DB connectivity FAILED | first second | hint: do this");
  expect(connectivityFailedLine(new Error("plain"))).toBe("DB connectivity FAILED | plain");
  expect(connectivityFailedLine("odd")).toBe("DB connectivity FAILED | odd");
});
