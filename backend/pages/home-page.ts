import { html } from "hono/html";
import type { PasswordRules } from "../users/index.ts";
import type { Complaint } from "./complaint.ts";
import { field } from "./field.ts";
import type { Html } from "./page.ts";

export interface HomePage {
  readonly rules: Pick<PasswordRules, "minLength">;
  readonly hasDocs: boolean;
  /** What was sent last, and why it could not be taken. */
  readonly sent?: {
    readonly form: "register" | "sign-in";
    readonly values: Readonly<Record<string, string>>;
    readonly complaint: Complaint;
  };
  /** What went well, told above the forms. */
  readonly notice?: string | undefined;
}

/** The two ways in: an account that is new, and one that is there. */
export function homePage({ rules, hasDocs, sent, notice }: HomePage): Html {
  return html`<main>
      ${notice === undefined ? "" : html`<p class="notice" role="status">${notice}</p>`}
      <div class="ways">
        ${registrationForm(rules, sent?.form === "register" ? sent : undefined)}
        ${signInForm(sent?.form === "sign-in" ? sent : undefined, notice !== undefined)}
      </div>
    </main>
    ${footer(hasDocs)}`;
}

type Sent = HomePage["sent"];

function registrationForm(rules: HomePage["rules"], sent: Sent): Html {
  const { values = {}, complaint } = sent ?? {};
  const first = firstBad(["full_name", "email", "password"], complaint);
  return html`<section class="card" aria-labelledby="register-title">
    <h1 id="register-title">Create your account</h1>
    <p class="aside">Have one already? <a href="#sign-in">Sign in</a></p>
    <form id="register" method="post" action="register" novalidate>
      ${message(complaint)}
      ${field({
        form: "register",
        name: "full_name",
        label: "Name",
        type: "text",
        autocomplete: "name",
        isOptional: true,
        value: values["full_name"] ?? "",
        error: complaint?.fields["full_name"],
        hasFocus: first === "full_name",
      })}
      ${field({
        form: "register",
        name: "email",
        label: "E-mail address",
        type: "email",
        autocomplete: "email",
        value: values["email"] ?? "",
        error: complaint?.fields["email"],
        hasFocus: first === "email",
      })}
      ${field({
        form: "register",
        name: "password",
        label: "Password",
        type: "password",
        autocomplete: "new-password",
        error: complaint?.fields["password"],
        hasFocus: first === "password",
        hint: passwordHint(rules),
      })}
      <button type="submit" data-busy="Creating your account…">Create account</button>
    </form>
  </section>`;
}

/** The rules as text; the script marks those that are met. */
function passwordHint({ minLength }: HomePage["rules"]): Html {
  return html`<ul class="rules">
    <li data-rule="length">At least ${minLength} characters</li>
    <li data-rule="common">Not one of the common passwords</li>
    <li data-rule="personal">Not your name or e-mail address</li>
  </ul>`;
}

function signInForm(sent: Sent, isNext: boolean): Html {
  const { values = {}, complaint } = sent ?? {};
  const first = firstBad(["email", "password"], complaint);
  return html`<section class="card" id="sign-in" aria-labelledby="sign-in-title">
    <h2 id="sign-in-title">Sign in</h2>
    <form id="sign-in-form" method="post" action="sign-in" novalidate>
      ${message(complaint)}
      ${field({
        form: "sign-in",
        name: "email",
        label: "E-mail address",
        type: "email",
        autocomplete: "username",
        value: values["email"] ?? "",
        error: complaint?.fields["email"],
        hasFocus: first === "email" || isNext,
      })}
      ${field({
        form: "sign-in",
        name: "password",
        label: "Password",
        type: "password",
        autocomplete: "current-password",
        error: complaint?.fields["password"],
        hasFocus: first === "password",
      })}
      <button type="submit" class="second" data-busy="Signing in…">Sign in</button>
    </form>
  </section>`;
}

/** What concerns no field of a form. It is there when it is empty too: a screen reader hears what is put into it. */
function message(complaint: Complaint | undefined): Html {
  return html`<p class="message" role="alert">${complaint?.message ?? ""}</p>`;
}

/** The first field in the form's order that is to be mended; the password where the message concerns none. */
function firstBad(names: readonly string[], complaint: Complaint | undefined): string | undefined {
  if (complaint === undefined) return undefined;
  return names.find((name) => complaint.fields[name] !== undefined) ?? "password";
}

export function footer(hasDocs: boolean): Html {
  return html`<footer>
    ${hasDocs ? html`<a href="docs">API</a> <a href="openapi.json">openapi.json</a>` : ""}
    <a href="readyz">Status</a>
  </footer>`;
}
