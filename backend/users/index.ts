export { countUsers } from "./count.ts";
export {
  createHashQueue,
  type HashQueue,
  type HashQueueObserver,
  type HashQueueOptions,
} from "./hash-queue.ts";
export { createPasswordHasher } from "./password-hash.ts";
export type { PasswordRules } from "./password-rules.ts";
export { addUsersRoutes } from "./routes.ts";
