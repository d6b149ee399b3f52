import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ApiAnswer } from "./api.ts";
import { complaintOf } from "./complaint.ts";
import { complain, fieldsOf, isScript, leadTo, readForm } from "./form.ts";
import { homePage, type HomePage } from "./home-page.ts";
import { sendPage } from "./page.ts";
import type { PageServices } from "./services.ts";

/** Adds `GET /` and where its forms go: `POST /register` and `POST /sign-in`. */
export function addHome(app: OpenAPIHono, services: PageServices): void {
  const { ask, allowedOrigins } = services;

  app.get("/", async (c) => {
    if (c.req.header("Cookie") !== undefined && (await ask(c, "GET", "/auth/me")).status === 200) {
      return c.redirect("account", 303);
    }
    return await send(c, services, { notice: NOTICES[c.req.query("then") ?? ""] });
  });

  app.post("/register", ...readForm(allowedOrigins), async (c) => {
    const { password, ...values } = fieldsOf(c, "full_name", "email", "password");
    const answer = await ask(c, "POST", "/auth/register", { ...values, password });
    if (answer.status === 202) return leadTo(c, "./?then=received#sign-in");
    if (answer.status !== 201) return await refuse(c, services, "register", values, answer, password);
    const isSignedIn = await signIn(c, services, values.email, password);
    return leadTo(c, isSignedIn.status === 200 ? "account" : "./?then=registered#sign-in");
  });

  app.post("/sign-in", ...readForm(allowedOrigins), async (c) => {
    const { email, password } = fieldsOf(c, "email", "password");
    const answer = await signIn(c, services, email, password);
    if (answer.status === 200) return leadTo(c, "account");
    return await refuse(c, services, "sign-in", { email }, answer, password);
  });
}

const NOTICES: Readonly<Record<string, string>> = {
  received: "If this address is new, its account is ready. Sign in with your password.",
  registered: "Your account is ready. Sign in with your password.",
  "signed-out": "You are signed out.",
  "signed-out-everywhere": "You are signed out everywhere.",
};

/** Signs in, and gives the browser its cookie. */
async function signIn(
  c: Context,
  { ask }: PageServices,
  email: string,
  password: string,
): Promise<ApiAnswer> {
  if (email.trim() === "" || password === "") return incomplete({ email, password });
  const answer = await ask(c, "POST", "/auth/login", { email, password, cookie: true });
  for (const cookie of answer.headers.getSetCookie()) c.header("Set-Cookie", cookie, { append: true });
  return answer;
}

/** Nobody need be asked about a field that is empty. */
function incomplete(typed: Readonly<Record<string, string>>): ApiAnswer {
  const empty = Object.keys(typed).filter((name) => (typed[name] ?? "").trim() === "");
  const detail = empty.map((name) => ({ type: "missing", loc: ["body", name], msg: "Field required" }));
  return { status: 422, headers: new Headers(), body: { detail } };
}

async function refuse(
  c: Context,
  services: PageServices,
  form: "register" | "sign-in",
  values: Readonly<Record<string, string>>,
  answer: ApiAnswer,
  password: string,
): Promise<Response> {
  const complaint = complaintOf(answer, { ...values, password });
  const retryAfter = answer.headers.get("Retry-After");
  if (retryAfter !== null) c.header("Retry-After", retryAfter);
  if (isScript(c)) return complain(c, complaint);
  return await send(c, services, { sent: { form, values, complaint } });
}

async function send(
  c: Context,
  { rules, hasDocs }: PageServices,
  page: Pick<HomePage, "sent" | "notice">,
): Promise<Response> {
  const name = page.sent?.form === "sign-in" ? "Sign in" : "Create your account";
  return await sendPage(c, {
    title: page.sent === undefined ? "Create your account or sign in" : `Error: ${name}`,
    body: homePage({ rules, hasDocs, ...page }),
    kind: "forms",
    status: page.sent?.complaint.status ?? 200,
  });
}
