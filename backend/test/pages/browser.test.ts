import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { accessibilityProblems, describeInBrowser } from "../support/browser.ts";
import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { newEmail, PASSWORD, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

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

async function fillIn(
  page: Page,
  form: "register" | "sign-in",
  fields: Record<string, string>,
): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`#${form}-${name}`, value);
}

async function submit(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

function errorOf(page: Page, id: string) {
  return page.locator(`#${id}-error`);
}

async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>("document.activeElement?.id ?? ''");
}

/** What a page shows after a while: a machine may be busy. */
function eventually<T>(read: () => Promise<T>) {
  return expect.poll(read, { timeout: 10_000 });
}

describeInBrowser("the pages in a browser", (visit) => {
  describe.each([
    ["with its script", { javaScriptEnabled: true }],
    ["without any script", { javaScriptEnabled: false }],
  ])("%s", (_, options) => {
    test("registration leads to the account, sign-out back, and sign-in there again", async () => {
      const email = newEmail();
      const { page, complaints, leave } = await visit(app.url, options);
      await fillIn(page, "register", { "full-name": "Ada Lovelace", email, password: PASSWORD });
      await submit(page, "Create account");
      await page.waitForURL("**/account");
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Ada Lovelace");
      expect(await page.getByText("this device").count()).toBe(1);
      await page.goto(app.url);
      expect(page.url()).toBe(`${app.url}/account`);

      await submit(page, "Sign out");
      await page.waitForURL("**/?then=signed-out");
      expect(await page.getByRole("status").first().textContent()).toBe("You are signed out.");
      await page.goto(`${app.url}/account`);
      expect(new URL(page.url()).pathname).toBe("/");

      await fillIn(page, "sign-in", { email, password: PASSWORD });
      await submit(page, "Sign in");
      await page.waitForURL("**/account");
      expect(complaints).toEqual([]);
      await leave();
    });

    test("every mistake is told beside its field, the first has the cursor, and only the password is lost", async () => {
      const { page, complaints, leave } = await visit(app.url, options);
      await fillIn(page, "register", { "full-name": "A & <b>B</b>", email: "ada", password: "short" });
      await submit(page, "Create account");
      // The address may be complained of when the cursor leaves it, before the answer tells all the rest.
      await eventually(async () => await errorOf(page, "register-password").textContent()).toBe(
        "Use at least 8 characters.",
      );
      expect(await errorOf(page, "register-email").textContent()).not.toBe("");
      expect(await errorOf(page, "register-full-name").textContent()).toBe("");
      expect(await page.getAttribute("#register-email", "aria-invalid")).toBe("true");
      await eventually(async () => await focused(page)).toBe("register-email");
      expect(await page.inputValue("#register-full-name")).toBe("A & <b>B</b>");
      expect(await page.content()).not.toContain('value="short"');
      expect(complaints).toEqual([]);
      await leave();
    });

    test("a known address and a wrong password are told apart from mistakes", async () => {
      const email = newEmail();
      await register(app.url, { email });
      const { page, leave } = await visit(app.url, options);
      await fillIn(page, "register", { email: email.toUpperCase(), password: PASSWORD });
      await submit(page, "Create account");
      await eventually(async () => await errorOf(page, "register-email").textContent()).toBe(
        "This address has an account already. Sign in instead.",
      );
      await fillIn(page, "sign-in", { email, password: "five yellow herons" });
      await submit(page, "Sign in");
      await eventually(async () => await page.locator("#sign-in-form .message").textContent()).toBe(
        "The e-mail address or the password is wrong.",
      );
      await eventually(async () => await focused(page)).toBe("sign-in-password");
      await leave();
    });

    test("a form that is empty names its fields", async () => {
      const { page, leave } = await visit(app.url, options);
      await submit(page, "Sign in");
      await eventually(async () => await errorOf(page, "sign-in-email").textContent()).toBe(
        "Enter your e-mail address.",
      );
      expect(await errorOf(page, "sign-in-password").textContent()).toBe("Enter a password.");
      await leave();
    });
  });

  test("the account lists its sessions; one can be ended, and all of them", async () => {
    const email = newEmail();
    const here = await visit(app.url);
    await fillIn(here.page, "register", { email, password: PASSWORD });
    await submit(here.page, "Create account");
    await here.page.waitForURL("**/account");
    const there = await visit(app.url, {
      userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
    });
    const signIn = async () => {
      await there.page.goto(app.url);
      await fillIn(there.page, "sign-in", { email, password: PASSWORD });
      await submit(there.page, "Sign in");
      await there.page.waitForURL("**/account");
    };
    await signIn();

    await here.page.reload();
    expect(await here.page.getByRole("heading", { level: 3 }).allTextContents()).toEqual([
      "Chrome on Linux this device",
      "Firefox on Linux",
    ]);
    expect(await accessibilityProblems(here.page)).toEqual([]);
    await submit(here.page, "Sign out Firefox on Linux");
    await eventually(async () => await here.page.getByRole("heading", { level: 3 }).count()).toBe(1);
    await there.page.reload();
    expect(new URL(there.page.url()).pathname).toBe("/");

    await signIn();
    await submit(there.page, "Sign out everywhere");
    await there.page.waitForURL("**/?then=signed-out-everywhere");
    await here.page.reload();
    expect(new URL(here.page.url()).pathname).toBe("/");
    expect([...here.complaints, ...there.complaints]).toEqual([]);
    await here.leave();
    await there.leave();
  });

  test("the password is judged by the server's own rules while it is typed", async () => {
    const { page, leave } = await visit(app.url);
    const states = async () =>
      await page.locator(".rules li").evaluateAll((items) => items.map((item) => item.dataset["state"]));
    await page.fill("#register-email", "grace.hopper@example.com");
    await page.focus("#register-password");
    await page.fill("#register-password", "seven");
    await eventually(states).toEqual(["unmet", "met", "met"]);
    await page.fill("#register-password", "PassWord1");
    await eventually(states).toEqual(["met", "unmet", "met"]);
    await page.fill("#register-password", "Grace.Hopper");
    await eventually(states).toEqual(["met", "met", "unmet"]);
    await page.fill("#register-password", PASSWORD);
    await eventually(states).toEqual(["met", "met", "met"]);
    await eventually(
      async () => await page.locator("#register-password-hint [role=status]").textContent(),
    ).toBe("The password meets all rules.");
    await page.getByRole("button", { name: "Show password" }).first().click();
    expect(await page.getAttribute("#register-password", "type")).toBe("text");
    await page.fill("#register-password", "");
    await eventually(states).toEqual([undefined, undefined, undefined]);
    await leave();
  });

  test("a server that is away is told, and what was typed is kept", async () => {
    const { page, leave } = await visit(app.url);
    await fillIn(page, "register", { email: newEmail(), password: PASSWORD });
    await page.route("**/register", async (route) => await route.abort());
    await submit(page, "Create account");
    await eventually(async () => await page.locator("#register .message").textContent()).toMatch(
      /^The server cannot be reached/,
    );
    expect(await page.inputValue("#register-password")).toBe(PASSWORD);
    await page.unroute("**/register");
    await page.fill("#register-full-name", "x".repeat(17_000));
    await submit(page, "Create account");
    await eventually(async () => await page.locator("#register .message").textContent()).toMatch(
      /^The server did not take this/,
    );
    await page.fill("#register-full-name", "");
    await submit(page, "Create account");
    await page.waitForURL("**/account");
    await leave();
  });

  test("the keyboard walks in the order of the eye", async () => {
    const { page, leave } = await visit(app.url);
    const walked: string[] = [];
    for (let step = 0; step < 9; step++) {
      await page.keyboard.press("Tab");
      walked.push(
        await page.evaluate<string>("document.activeElement.id || document.activeElement.textContent.trim()"),
      );
    }
    expect(walked).toEqual([
      "register-full-name",
      "register-email",
      "register-password",
      "Show password",
      "Create account",
      "sign-in-email",
      "sign-in-password",
      "Show password",
      "Sign in",
    ]);
    await leave();
  });

  test.each([["light"], ["dark"]] as const)("axe finds nothing, in %s", async (colorScheme) => {
    const { page, leave } = await visit(app.url, { colorScheme });
    expect(await accessibilityProblems(page)).toEqual([]);
    await fillIn(page, "register", { email: "ada", password: "password1" });
    await submit(page, "Create account");
    await eventually(async () => await errorOf(page, "register-password").textContent()).not.toBe("");
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const path of ["/?then=signed-out", "/docs"]) {
      await page.goto(app.url + path);
      expect([path, await accessibilityProblems(page)]).toEqual([path, []]);
    }
    await page.goto(app.url);
    await fillIn(page, "register", { "full-name": "Ada", email: newEmail(), password: PASSWORD });
    await submit(page, "Create account");
    await page.waitForURL("**/account");
    expect(await accessibilityProblems(page)).toEqual([]);
    await leave();
  });

  test("nothing is wider than a small phone", async () => {
    const { page, leave } = await visit(app.url, { viewport: { width: 320, height: 640 } });
    const overflow = async () =>
      await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    expect(await overflow()).toBe(0);
    await fillIn(page, "register", {
      "full-name": "Wolfeschlegelsteinhausenbergerdorff".repeat(2),
      email: `${"a".repeat(60)}@example.com`.replace("a", `${process.pid}`),
      password: PASSWORD,
    });
    await submit(page, "Create account");
    await page.waitForURL("**/account");
    expect(await overflow()).toBe(0);
    await leave();
  });
});
