import { html } from "hono/html";
import type { Html } from "./page.ts";

export interface Field {
  /** The form that it is in; it makes ids that are its own. */
  readonly form: string;
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "email" | "password";
  readonly autocomplete: string;
  readonly isOptional?: boolean;
  /** What was typed; never of a password. */
  readonly value?: string;
  readonly error?: string | undefined;
  /** Whether the cursor starts here: in the first field that is to be mended. */
  readonly hasFocus?: boolean;
  /** What explains the field, shown below it. */
  readonly hint?: Html;
}

/** A label, its input, and below it what is wrong with it: a place that a screen reader hears when it is filled. */
export function field(options: Field): Html {
  const { form, name, label, type, autocomplete, value = "", error, hint } = options;
  const id = `${form}-${name.replace("_", "-")}`;
  const described = [...(hint === undefined ? [] : [`${id}-hint`]), `${id}-error`].join(" ");
  return html`<div class="field">
    <label for="${id}"
      >${label}${options.isOptional === true ? html` <span class="optional">optional</span>` : ""}</label
    >
    <div class="control">
      <input
        id="${id}"
        name="${name}"
        type="${type}"
        value="${value}"
        autocomplete="${autocomplete}"
        aria-describedby="${described}"
        ${type === "text" ? "" : html`autocapitalize="none" spellcheck="false"`}
        ${options.isOptional === true ? "" : "required"}
        ${error === undefined ? "" : html`aria-invalid="true"`}
        ${options.hasFocus === true ? "autofocus" : ""}
      />
    </div>
    <p class="error" id="${id}-error" aria-live="polite">${error ?? ""}</p>
    ${hint === undefined ? "" : html`<div id="${id}-hint">${hint}</div>`}
  </div>`;
}
