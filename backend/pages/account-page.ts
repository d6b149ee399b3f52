import { html } from "hono/html";
import { deviceName } from "./device.ts";
import { footer } from "./home-page.ts";
import type { Html } from "./page.ts";

/** A user as `GET /auth/me` tells of one. */
export interface AccountUser {
  readonly email: string;
  readonly full_name: string;
  readonly created_at: string;
}

/** A session as `GET /auth/sessions` tells of one. */
export interface AccountSession {
  readonly id: number;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly address: string | null;
  readonly user_agent: string;
  readonly is_current: boolean;
}

export interface AccountPage {
  readonly user: AccountUser;
  readonly sessions: readonly AccountSession[];
  readonly hasDocs: boolean;
  readonly message?: string | undefined;
}

/** Who is signed in, and where. */
export function accountPage({ user, sessions, hasDocs, message }: AccountPage): Html {
  const { email, full_name: name } = user;
  const [here = [], elsewhere = []] = [true, false].map((isHere) =>
    sessions.filter(({ is_current: isCurrent }) => isCurrent === isHere),
  );
  return html`<main>
      <header class="who">
        <div>
          <h1>${name === "" ? email : name}</h1>
          <p>${name === "" ? "" : html`${email} · `}member since ${time(user.created_at, "date")}</p>
        </div>
        ${button("sign-out", "Sign out")}
      </header>
      <p class="message" role="alert">${message ?? ""}</p>
      <section class="card" aria-labelledby="sessions-title">
        <h2 id="sessions-title">Where you are signed in</h2>
        <ul class="sessions">
          ${here.map(sessionItem)}${elsewhere.map(sessionItem)}
        </ul>
        ${sessions.length > 1 ? html`<div class="end">${button("sign-out-everywhere", "Sign out everywhere")}</div>` : ""}
      </section>
    </main>
    ${footer(hasDocs)}`;
}

/** In the account's place while nobody can say whose it is. */
export function unavailablePage(message: string): Html {
  return html`<main>
    <h1>Your account cannot be shown</h1>
    <p class="message" role="alert">${message}</p>
    <p><a href="account">Try again</a></p>
  </main>`;
}

function sessionItem(session: AccountSession): Html {
  const device = deviceName(session.user_agent);
  return html`<li>
    <div>
      <h3>${device}${session.is_current ? html` <span class="badge">this device</span>` : ""}</h3>
      <p>Last used ${time(session.last_used_at, "minute")}</p>
      <p>
        Signed in
        ${time(session.created_at, "minute")}${session.address === null ? "" : html` from ${session.address}`}
      </p>
    </div>
    ${session.is_current ? "" : button("end-session", "Sign out", { session: session.id, label: `Sign out ${device}` })}
  </li>`;
}

interface ButtonOptions {
  readonly session: number;
  /** What tells it from its like, for those who do not see where it stands. */
  readonly label: string;
}

function button(action: string, text: string, { session, label }: Partial<ButtonOptions> = {}): Html {
  return html`<form method="post" action="${action}">
    ${session === undefined ? "" : html`<input type="hidden" name="session" value="${session}" />`}
    <button type="submit" class="quiet" ${label === undefined ? "" : html`aria-label="${label}"`}>
      ${text}
    </button>
  </form>`;
}

/** In UTC, as the script finds it; it puts the reader's own time in its place. */
function time(iso: string, precision: "date" | "minute"): Html {
  const date = new Date(iso);
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeZone: "UTC",
    ...(precision === "minute" && { timeStyle: "short" }),
  });
  const text = format.format(date) + (precision === "minute" ? " UTC" : "");
  return html`<time datetime="${date.toISOString()}" data-precision="${precision}">${text}</time>`;
}
