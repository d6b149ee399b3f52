import type { Hook } from "@hono/zod-openapi";
import type { Env } from "hono";
import type { z } from "zod";
import { InvalidInputError, type InputProblem } from "./errors.ts";
import { unsafeText } from "./unsafe-text.ts";

/**
 * What every route does with what its schema found: all problems in one error, in FastAPI's shape.
 *
 * @throws {InvalidInputError} `E_INVALID_INPUT`
 */
export const refuseInvalidInput: Hook<unknown, Env, string, void> = (result, c) => {
  refuseProblems(c.get("body"), result.success ? [] : result.error.issues);
};

function refuseProblems(body: unknown, issues: readonly z.core.$ZodIssue[]): void {
  const unsafe = unsafeText(body);
  const places = new Set(unsafe.map(place));
  const problems = [
    ...unsafe,
    ...issues.map((issue) => toProblem(issue, body)).filter((problem) => !places.has(place(problem))),
  ];
  if (problems.length > 0) throw new InvalidInputError(problems);
}

function place({ loc }: InputProblem): string {
  return loc.join("\n");
}

/** A zod issue in the words of FastAPI. Those of our own rules bring their type along. */
function toProblem(issue: z.core.$ZodIssue, body: unknown): InputProblem {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  const loc = ["body", ...path];
  if (issue.code === "custom")
    return { type: String(issue.params?.["type"] ?? "value_error"), loc, msg: issue.message };
  if (issue.code !== "invalid_type") return { type: "value_error", loc, msg: issue.message };
  if (isMissing(body, path)) return { type: "missing", loc, msg: "Field required" };
  return {
    loc,
    ...(TYPE_ERRORS[issue.expected] ?? {
      type: "type_error",
      msg: `Input should be a valid ${issue.expected}`,
    }),
  };
}

const TYPE_ERRORS: Readonly<Record<string, Omit<InputProblem, "loc">>> = {
  string: { type: "string_type", msg: "Input should be a valid string" },
  object: {
    type: "model_attributes_type",
    msg: "Input should be a valid dictionary or object to extract fields from",
  },
};

function isMissing(body: unknown, path: readonly (string | number)[]): boolean {
  let value = body;
  for (const key of path) value = (value as Record<string | number, unknown>)[key];
  return value === undefined;
}
