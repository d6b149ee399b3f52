export { addSessionsRoutes } from "./routes.ts";
export type { SessionOptions } from "./sessions.ts";
export { createSignIn, type SignInLimits } from "./sign-in.ts";
