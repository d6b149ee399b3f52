import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiAnswer } from "./api.ts";

/** Why a form could not be taken, in words for people: beside its fields, and above them what concerns no field. */
export interface Complaint {
  readonly status: ContentfulStatusCode;
  readonly fields: Readonly<Record<string, string>>;
  readonly message?: string;
}

interface Problem {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** Puts what the API answered into words. */
export function complaintOf(answer: ApiAnswer, typed: Readonly<Record<string, string>>): Complaint {
  const status = answer.status as ContentfulStatusCode;
  const { detail } = (answer.body ?? {}) as { readonly detail?: unknown };
  if (Array.isArray(detail)) return { status, fields: fieldsOf(detail as readonly Problem[], typed) };
  if (status === 409)
    return { status, fields: { email: "This address has an account already. Sign in instead." } };
  return { status, fields: {}, message: messageOf(answer) };
}

function messageOf({ status, headers }: ApiAnswer): string {
  switch (status) {
    case 401:
      return "The e-mail address or the password is wrong.";
    case 413:
      return "That is more text than a form like this can take.";
    case 429:
      return `Too many attempts. Try again ${inTime(Number(headers.get("Retry-After")))}.`;
    case 503:
      return "The server is busy or its database is away. Try again in a moment.";
    default:
      return "Something went wrong on the server. Try again in a moment.";
  }
}

function inTime(seconds: number): string {
  if (!(seconds > 0)) return "later";
  if (seconds < 90) return `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.ceil(minutes / 60)} hours`;
}

/** The first problem of each field: people mend one after the other. */
function fieldsOf(
  problems: readonly Problem[],
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const problem of problems) {
    const field = String(problem.loc[1] ?? "");
    fields[field] ??= (typed[field] ?? "").trim() === "" ? (EMPTY[field] ?? problem.msg) : wordsOf(problem);
  }
  return fields;
}

const EMPTY: Readonly<Record<string, string>> = {
  email: "Enter your e-mail address.",
  password: "Enter a password.",
};

function wordsOf({ type, msg }: Problem): string {
  return (
    WORDS[type] ??
    `${msg
      .replace(/^value is not a valid email address: /, "")
      .replace("String should have", "Use")
      .replace(/\.$/, "")}.`
  );
}

const WORDS: Readonly<Record<string, string>> = {
  password_common: "Everybody who guesses passwords tries this one. Choose another.",
  password_personal: "Do not use your name or your e-mail address as the password.",
  string_unicode: "This holds a character that cannot be stored. Type it again.",
};
