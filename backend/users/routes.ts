import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { checkBody, checkHeader, readBody } from "../http/index.ts";
import type { PasswordRules } from "./password-rules.ts";
import { publicUser, userSchema } from "./public-user.ts";
import { register, type RegisterServices } from "./register.ts";
import { registrationSchema } from "./registration.ts";

export interface UsersServices extends RegisterServices {
  readonly rules: PasswordRules;
}

/** Adds `POST /auth/register`: by hand, because the validators of the framework parse the body once more. */
export function addUsersRoutes(app: OpenAPIHono, services: UsersServices): void {
  const route = registerRoute(services);
  const registration = registrationSchema(services.rules);
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, readBody("json"), async (c) => {
    const idempotencyKey = checkHeader(c, "idempotency-key", keySchema);
    const outcome = await register(checkBody(registration, c.get("body")), c.var, services, {
      idempotencyKey,
    });
    switch (outcome.kind) {
      case "registered":
        return c.json(publicUser(outcome.user), 201, {
          Location: `/users/${outcome.user.id}`,
          "Cache-Control": "no-store",
        });
      case "received":
        return c.json({ detail: "Registration received" }, 202, NO_STORE);
      case "email-taken":
        return c.json({ detail: "Email already registered" }, 409, NO_STORE);
      case "key-taken":
        return c.json({ detail: [KEY_TAKEN] }, 422, NO_STORE);
    }
  });
}

const NO_STORE = { "Cache-Control": "no-store" };

const KEY_TAKEN = {
  type: "idempotency_key_taken",
  loc: ["header", "idempotency-key"],
  msg: "This key was used for another registration",
};

const keySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "A key must be 1 to 255 printable ASCII characters without blanks")
  .optional()
  .openapi({
    description:
      "Any name that the client gives to this registration. Sent again within 24 hours with the same body it gets the same 201.",
    example: "0b0c4d5e-5f43-4b7e-9c3e-0d8f6f0c2a11",
  });

function registerRoute({ rules, registration: { mode } }: UsersServices) {
  return createRoute({
    method: "post",
    path: "/auth/register",
    operationId: "register",
    summary: "Register a user",
    description: DESCRIPTIONS[mode],
    tags: ["users"],
    request: {
      headers: z.object({ "idempotency-key": keySchema }),
      body: { required: true, content: { "application/json": { schema: registrationSchema(rules) } } },
    },
    responses: {
      ...(mode === "uniform" ? UNIFORM_RESPONSES : PLAIN_RESPONSES),
      429: { description: "Too many registrations from this IP address or of this e-mail address." },
      503: { description: "The database is away, or too many registrations wait; try again." },
    },
  });
}

const DESCRIPTIONS = {
  plain:
    "Answers 201 only after the user has been committed to the database. With the header `Idempotency-Key` a retry within 24 hours gets the same 201.",
  uniform: "Answers 202 only after the user has been committed to the database, or found there.",
} as const;

const PLAIN_RESPONSES = {
  201: {
    description: "The user is registered.",
    headers: {
      Location: { description: "The path of the new user.", schema: { type: "string" as const } },
      "Cache-Control": { description: "no-store", schema: { type: "string" as const } },
    },
    content: { "application/json": { schema: userSchema } },
  },
  409: { description: "The e-mail address is registered already, in whatever case." },
};

const UNIFORM_RESPONSES = {
  202: {
    description: "The user is registered, or was before: the answer does not tell which.",
    content: {
      "application/json": { schema: z.object({ detail: z.string() }).openapi("Received") },
    },
  },
};
