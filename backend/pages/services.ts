import type { PasswordRules } from "../users/index.ts";
import type { AskApi } from "./api.ts";

/** What every page is made with. */
export interface PageServices {
  readonly ask: AskApi;
  readonly rules: PasswordRules;
  /** Whether there is a documentation to lead to. */
  readonly hasDocs: boolean;
  /** Origins of other sites whose pages may send our forms. */
  readonly allowedOrigins: readonly string[];
}
