export { countUsers } from "./count.ts";
export { findCredentials, replaceHash, type Credentials } from "./credentials.ts";
export { normalizeEmail } from "./email.ts";
export { HashQueueFullError } from "./errors.ts";
export {
  createHashQueue,
  type HashQueue,
  type HashQueueObserver,
  type HashQueueOptions,
} from "./hash-queue.ts";
export { createIdempotencyKeys } from "./idempotency.ts";
export { createPasswordHasher, type PasswordHasher } from "./password-hash.ts";
export { describePasswordRules, type PasswordRules } from "./password-rules.ts";
export { publicUser, userSchema } from "./public-user.ts";
export type { RegistrationOptions } from "./register.ts";
export { addUsersRoutes } from "./routes.ts";
export { publicColumns, users, USERS_TABLE, type User } from "./table.ts";
