import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { checkBody, NotSignedInError, readBody, refuseCrossOrigin } from "../http/index.ts";
import { publicUser, userSchema } from "../users/index.ts";
import { clearSessionCookie, readSessionCookie, setSessionCookie } from "./cookie.ts";
import { signInForm, signInJson, type SignInRequest } from "./credentials.ts";
import { currentUser, type CurrentUserServices } from "./current-user.ts";
import { publicSession, sessionSchema } from "./public-session.ts";
import { listSessions, type SignedIn } from "./sessions.ts";
import type { SignIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";

export interface SessionsServices extends CurrentUserServices {
  readonly signIn: SignIn;
}

/** Adds `POST /auth/login`, `GET /auth/me` and `/users/{id}`, `POST /auth/logout` and `/auth/logout-all`, and `/auth/sessions`. */
export function addSessionsRoutes(app: OpenAPIHono, services: SessionsServices): void {
  addSecuritySchemes(app);
  addLogin(app, services);
  app.openapi(meRoute, async (c) => {
    const { user } = await signedIn(c, services);
    return c.json(publicUser(user), 200, NO_STORE);
  });
  app.openapi(userRoute, async (c) => {
    const { user } = await signedIn(c, services);
    // Of others nothing is told, not even whether they are there.
    return user.id === c.req.valid("param").id
      ? c.json(publicUser(user), 200, NO_STORE)
      : c.json({ detail: "Not Found" }, 404, NO_STORE);
  });
  app.openapi(logoutRoute, async (c) => await logout(c, services, ({ session }) => session.id));
  app.openapi(logoutAllRoute, async (c) => await logout(c, services, () => "all"));
  app.openapi(sessionsRoute, async (c) => {
    const { session: current, user } = await signedIn(c, services);
    const list = await listSessions(services.database, user.id, services.sessions);
    return c.json(
      list.map((session) => publicSession(session, current)),
      200,
      NO_STORE,
    );
  });
  app.openapi(endSessionRoute, async (c) => {
    const { user } = await signedIn(c, services);
    const isEnded = await signOut(user.id, c.req.valid("param").id, c.var, services);
    return isEnded ? c.body(null, 204) : c.json({ detail: "Not Found" }, 404, NO_STORE);
  });
}

const NO_STORE = { "Cache-Control": "no-store" };

/** By hand, because the validators of the framework read the form and the JSON as two bodies. */
function addLogin(app: OpenAPIHono, { signIn, allowedOrigins }: SessionsServices): void {
  app.openAPIRegistry.registerPath(loginRoute);
  app.post(loginRoute.path, readBody("json", "form"), async (c) => {
    const { cookie, ...credentials } = signInRequest(c);
    // Or another site could sign its visitors in as somebody else.
    if (cookie) refuseCrossOrigin(c, allowedOrigins);
    const outcome = await signIn(credentials, c.var);
    if (outcome.kind === "refused") {
      return c.json({ detail: "Incorrect email or password" }, 401, {
        ...NO_STORE,
        "WWW-Authenticate": "Bearer",
      });
    }
    const { session, token } = outcome;
    if (cookie) setSessionCookie(c, token, session.expiresAt);
    const answer: z.input<typeof tokenSchema> = {
      access_token: token,
      token_type: "bearer",
      expires_at: session.expiresAt.toISOString(),
    };
    return c.json(answer, 200, NO_STORE);
  });
}

function signInRequest(c: Context): SignInRequest {
  if (c.get("bodyFormat") === "json") return checkBody(signInJson, c.get("body"));
  const { username, password, cookie } = checkBody(signInForm, c.get("body"));
  return { email: username, password, cookie: cookie === "true" };
}

/** @throws {NotSignedInError} `E_NOT_SIGNED_IN`, 401 */
async function signedIn(c: Context, services: SessionsServices): Promise<SignedIn> {
  const found = await currentUser(c, services);
  if (found !== undefined) return found;
  throw new NotSignedInError();
}

async function logout(
  c: Context,
  services: SessionsServices,
  which: (signedIn: SignedIn) => number | "all",
): Promise<Response> {
  const found = await currentUser(c, services);
  // Also one that is of no use any more; but not for another site, whose requests come without it.
  if (readSessionCookie(c) !== undefined) clearSessionCookie(c);
  if (found === undefined) throw new NotSignedInError();
  await signOut(found.user.id, which(found), c.var, services);
  return c.body(null, 204);
}

const tokenSchema = z
  .object({
    access_token: z.string().openapi({ example: "k3J9v1Xq0m2bC8dE5fG7hI4jK6lM9nO1pQ3rS5tU7vW" }),
    token_type: z.literal("bearer"),
    expires_at: z.iso.datetime().openapi({
      example: "2026-12-23T09:30:00.000Z",
      description: "When it ends at the latest; unused it ends sooner.",
    }),
  })
  .openapi("Token");

function addSecuritySchemes(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "oauth2",
    flows: { password: { tokenUrl: loginPath, scopes: {} } },
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "cookie", {
    type: "apiKey",
    in: "cookie",
    name: "session",
    description: "`__Host-session` over TLS.",
  });
}

const loginPath = "/auth/login";
const SIGNED_IN = {
  tags: ["sessions"],
  security: [{ bearer: [] }, { cookie: [] }],
};
const NOT_SIGNED_IN = { 401: { description: "Nobody is signed in, or the session has ended." } };
const CROSS_ORIGIN = { 403: { description: "Another site has sent the user's cookie." } };
const NO_ID = {
  422: {
    description: "The id is none.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/HTTPValidationError" } } },
  },
};
const AWAY = { 503: { description: "The database is away; try again." } };

function idParameter(of: string) {
  const message = `Input should be the id of ${of}`;
  return z.object({
    id: z
      .string()
      .regex(/^[1-9]\d{0,9}$/, message)
      .transform(Number)
      .refine((id) => id < 2 ** 31, message)
      .openapi({ type: "integer", minimum: 1, example: 7 }),
  });
}

const loginRoute = createRoute({
  method: "post",
  path: loginPath,
  operationId: "login",
  summary: "Sign in",
  description:
    "Takes OAuth2's form (`username`, `password`) as well. A user who is not known and a wrong password get the same answer in the same time.",
  tags: ["sessions"],
  request: {
    body: {
      required: true,
      content: {
        "application/json": { schema: signInJson },
        "application/x-www-form-urlencoded": { schema: signInForm },
      },
    },
  },
  responses: {
    200: {
      description: "A session has been started; send its token as `Authorization: Bearer …`.",
      headers: { "Cache-Control": { description: "no-store", schema: { type: "string" as const } } },
      content: { "application/json": { schema: tokenSchema } },
    },
    401: { description: "The e-mail address or the password is wrong." },
    403: { description: "Another site has asked for a cookie." },
    415: { description: "The body is neither JSON nor a form." },
    429: { description: "Too many attempts have failed, for this account or from this IP address." },
    503: { description: "The database is away, or too many wait for their password's check; try again." },
  },
});

const meRoute = createRoute({
  method: "get",
  path: "/auth/me",
  operationId: "me",
  summary: "Who is signed in",
  ...SIGNED_IN,
  responses: {
    200: { description: "The user.", content: { "application/json": { schema: userSchema } } },
    ...NOT_SIGNED_IN,
    ...AWAY,
  },
});

const userRoute = createRoute({
  method: "get",
  path: "/users/{id}",
  operationId: "user",
  summary: "The user who is signed in, by the Location of the registration",
  ...SIGNED_IN,
  request: { params: idParameter("a user") },
  responses: {
    200: { description: "The user.", content: { "application/json": { schema: userSchema } } },
    ...NOT_SIGNED_IN,
    404: { description: "It is not the user who is signed in." },
    ...NO_ID,
    ...AWAY,
  },
});

const logoutRoute = createRoute({
  method: "post",
  path: "/auth/logout",
  operationId: "logout",
  summary: "Sign out",
  ...SIGNED_IN,
  responses: {
    204: { description: "The session has ended, and its cookie is taken back." },
    ...NOT_SIGNED_IN,
    ...CROSS_ORIGIN,
    ...AWAY,
  },
});

const logoutAllRoute = createRoute({
  method: "post",
  path: "/auth/logout-all",
  operationId: "logoutAll",
  summary: "Sign out everywhere",
  ...SIGNED_IN,
  responses: {
    204: { description: "All sessions of the user have ended, this one too." },
    ...NOT_SIGNED_IN,
    ...CROSS_ORIGIN,
    ...AWAY,
  },
});

const sessionsRoute = createRoute({
  method: "get",
  path: "/auth/sessions",
  operationId: "sessions",
  summary: "Where the user is signed in",
  ...SIGNED_IN,
  responses: {
    200: {
      description: "The sessions that go on, the newest first.",
      content: { "application/json": { schema: z.array(sessionSchema) } },
    },
    ...NOT_SIGNED_IN,
    ...AWAY,
  },
});

const endSessionRoute = createRoute({
  method: "delete",
  path: "/auth/sessions/{id}",
  operationId: "endSession",
  summary: "Sign out somewhere else",
  ...SIGNED_IN,
  request: { params: idParameter("a session") },
  responses: {
    204: { description: "The session has ended." },
    ...NOT_SIGNED_IN,
    ...CROSS_ORIGIN,
    404: { description: "The user has no such session." },
    ...NO_ID,
    ...AWAY,
  },
});
