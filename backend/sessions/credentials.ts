import { z } from "@hono/zod-openapi";

/** What a sign-in asks for. */
export interface SignInRequest {
  readonly email: string;
  readonly password: string;
  /** Whether a browser is to keep the token. */
  readonly cookie: boolean;
}

/** No rule of registration holds here: what an older service has taken must still be let in. */
const email = z.string().openapi({ format: "email", example: "ada@example.com" });
const password = z.string().openapi({ format: "password", example: "seven purple herons" });
const COOKIE = "Whether the answer is to set a cookie as well, which no script can read: for browsers.";

/** A sign-in as JSON. */
export const signInJson = z
  .object({ email, password, cookie: z.boolean().default(false).openapi({ description: COOKIE }) })
  .openapi("SignIn");

/** A sign-in as OAuth2 has it (RFC 6749, 4.3.2), which FastAPI's clients send; scope and client are ignored. */
export const signInForm = z
  .object({
    grant_type: z.literal("password").optional(),
    username: email,
    password,
    cookie: z.enum(["true", "false"]).default("false").openapi({ description: COOKIE }),
  })
  .openapi("SignInForm");
