import { z } from "@hono/zod-openapi";
import type { Checked } from "./checked.ts";
import { EMAIL_MAX_LENGTH, parseEmail } from "./email.ts";
import { FULL_NAME_MAX_LENGTH, parseFullName } from "./full-name.ts";
import { checkPassword, isPersonal, PASSWORD_MAX_LENGTH, type PasswordRules } from "./password-rules.ts";

/** A registration that every rule accepts. */
export type Registration = z.output<ReturnType<typeof registrationSchema>>;

/**
 * The body of a registration: what is asked of it, and what the OpenAPI document says of it. All fields are judged,
 * so that all that are bad can be named; fields that are not known are ignored.
 */
export function registrationSchema(rules: PasswordRules) {
  return z
    .object({
      email: z.string().transform(by(parseEmail)).openapi({
        type: "string",
        format: "email",
        maxLength: EMAIL_MAX_LENGTH,
        example: "ada@example.com",
      }),
      password: z
        .string()
        .transform(by((text) => checkPassword(text, rules)))
        .openapi({
          type: "string",
          format: "password",
          minLength: rules.minLength,
          maxLength: PASSWORD_MAX_LENGTH,
          description: "Not a common password, nor your address or your name.",
          example: "seven purple herons",
        }),
      full_name: z
        .string()
        .nullish()
        .transform((text) => text ?? "")
        .transform(by(parseFullName))
        .openapi({
          type: ["string", "null"],
          maxLength: FULL_NAME_MAX_LENGTH,
          default: "",
          example: "Ada Lovelace",
        }),
    })
    .refine(({ email, full_name, password }) => !isPersonal(password, [email?.typed, full_name]), {
      path: ["password"],
      params: { type: "password_personal" },
      message: "The password must not be your e-mail address or your name",
      // Also when another field is refused, so that one answer names all that is bad. That field is then no string.
      when: ({ issues }) => issues.every(({ path = [] }) => path.length > 0 && path[0] !== "password"),
    })
    .openapi("Registration");
}

/** A rule as the transformation of a field: its value, or an issue that carries FastAPI's type and message. */
function by<T>(
  rule: (text: string) => Checked<T>,
): (text: string, context: z.core.$RefinementCtx<string>) => T {
  return (text, context) => {
    const checked = rule(text);
    if (checked.kind === "accepted") return checked.value;
    context.addIssue({ code: "custom", message: checked.msg, params: { type: checked.type } });
    return z.NEVER;
  };
}
