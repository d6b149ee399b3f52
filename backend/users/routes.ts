import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { readBody } from "../http/index.ts";
import type { PasswordRules } from "./password-rules.ts";
import { register, type RegisterServices } from "./register.ts";
import { registrationSchema } from "./registration.ts";
import type { User } from "./table.ts";

const userSchema = z
  .object({
    id: z.int().openapi({ example: 1 }),
    email: z.string().openapi({ format: "email", example: "ada@example.com" }),
    full_name: z.string().openapi({ example: "Ada Lovelace" }),
    created_at: z.iso.datetime().openapi({ example: "2026-11-23T09:30:00.000Z" }),
  })
  .openapi("User");

/** Adds `POST /auth/register`. */
export function addUsersRoutes(
  app: OpenAPIHono,
  services: RegisterServices & { rules: PasswordRules },
): void {
  app.openapi(registerRoute(services.rules), async (c) => {
    const outcome = await register(c.req.valid("json"), services);
    if (outcome.kind === "email-taken") return c.json({ detail: "Email already registered" }, 409);
    const { user } = outcome;
    return c.json(publicUser(user), 201, { Location: `/users/${user.id}`, "Cache-Control": "no-store" });
  });
}

function registerRoute(rules: PasswordRules) {
  return createRoute({
    method: "post",
    path: "/auth/register",
    operationId: "register",
    summary: "Register a user",
    description: "Answers 201 only after the user has been committed to the database.",
    tags: ["users"],
    middleware: readBody("json"),
    request: {
      body: { required: true, content: { "application/json": { schema: registrationSchema(rules) } } },
    },
    responses: {
      201: {
        description: "The user is registered.",
        headers: {
          Location: { description: "The path of the new user.", schema: { type: "string" } },
          "Cache-Control": { description: "no-store", schema: { type: "string" } },
        },
        content: { "application/json": { schema: userSchema } },
      },
      409: { description: "The e-mail address is registered already, in whatever case." },
      503: { description: "The database is away, or too many registrations wait; try again." },
    },
  });
}

function publicUser(user: User): z.input<typeof userSchema> {
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    created_at: user.createdAt.toISOString(),
  };
}
