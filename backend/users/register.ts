import type { Database } from "wellhead";
import { transaction } from "../db/index.ts";
import type { HashPassword } from "./password-hash.ts";
import type { Registration } from "./registration.ts";
import { users, type User } from "./table.ts";

export interface RegisterServices {
  readonly database: Database;
  readonly hashPassword: HashPassword;
}

export type RegisterOutcome =
  | { readonly kind: "registered"; readonly user: User }
  | { readonly kind: "email-taken" };

/**
 * Registers a user: the hash first, which holds no connection and takes the same time for a known address, then one
 * INSERT, which alone decides who of several was first. It resolves only after COMMIT has returned.
 */
export async function register(
  registration: Registration,
  services: RegisterServices,
): Promise<RegisterOutcome> {
  const hashedPassword = await services.hashPassword(registration.password);
  const [user] = await transaction(
    services.database,
    async (orm) =>
      await orm
        .insert(users)
        .values({
          email: registration.email.typed,
          emailNormalized: registration.email.normalized,
          fullName: registration.full_name,
          hashedPassword,
        })
        // Of this one conflict only: a clash of ids is a fault, not a known address.
        .onConflictDoNothing({ target: users.emailNormalized })
        .returning({
          id: users.id,
          email: users.email,
          fullName: users.fullName,
          createdAt: users.createdAt,
        }),
  );
  return user === undefined ? { kind: "email-taken" } : { kind: "registered", user };
}
