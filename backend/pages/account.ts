import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accountPage, unavailablePage, type AccountSession, type AccountUser } from "./account-page.ts";
import type { ApiAnswer } from "./api.ts";
import { complaintOf } from "./complaint.ts";
import { fieldsOf, leadTo, readForm } from "./form.ts";
import { sendPage } from "./page.ts";
import type { PageServices } from "./services.ts";

/** Adds `GET /account` and where its forms go: `POST /sign-out`, `/sign-out-everywhere` and `/end-session`. */
export function addAccount(app: OpenAPIHono, services: PageServices): void {
  const { ask } = services;
  const [showRefusal, refuseOthers, readFields] = readForm(services.allowedOrigins);

  app.get("/account", async (c) => await account(c, services));

  app.post("/sign-out", showRefusal, refuseOthers, async (c) => {
    const answer = await ask(c, "POST", "/auth/logout");
    return await signedOut(c, services, answer, "./?then=signed-out");
  });

  app.post("/sign-out-everywhere", showRefusal, refuseOthers, async (c) => {
    const answer = await ask(c, "POST", "/auth/logout-all");
    return await signedOut(c, services, answer, "./?then=signed-out-everywhere");
  });

  app.post("/end-session", showRefusal, refuseOthers, readFields, async (c) => {
    const { session } = fieldsOf(c, "session");
    const answer = await ask(c, "DELETE", `/auth/sessions/${encodeURIComponent(session)}`);
    // One that is not there any more is what was wished for.
    return answer.status < 500 ? leadTo(c, "account") : await account(c, services, answer);
  });
}

/** The page of whoever is signed in; all others are led to where they can sign in. */
async function account(c: Context, { ask, hasDocs }: PageServices, failed?: ApiAnswer): Promise<Response> {
  const [me, list] = await Promise.all([ask(c, "GET", "/auth/me"), ask(c, "GET", "/auth/sessions")]);
  if (me.status === 401 || list.status === 401) return c.redirect("./#sign-in", 303);
  const bad = [failed, me, list].find((answer) => answer !== undefined && answer.status >= 400);
  const complaint = bad === undefined ? undefined : complaintOf(bad, {});
  if (me.status !== 200 || list.status !== 200) {
    return await sendPage(c, {
      title: "Your account cannot be shown",
      body: unavailablePage(complaint?.message ?? ""),
      kind: "account",
      status: complaint?.status ?? 503,
    });
  }
  return await sendPage(c, {
    title: "Your account",
    body: accountPage({
      user: me.body as AccountUser,
      sessions: list.body as readonly AccountSession[],
      hasDocs,
      message: complaint?.message,
    }),
    kind: "account",
    status: complaint?.status ?? 200,
  });
}

/** Whoever was not signed in any more is so now too. */
async function signedOut(
  c: Context,
  services: PageServices,
  answer: ApiAnswer,
  location: string,
): Promise<Response> {
  if (answer.status >= 400 && answer.status !== 401) return await account(c, services, answer);
  for (const cookie of answer.headers.getSetCookie()) c.header("Set-Cookie", cookie, { append: true });
  return leadTo(c, location);
}
