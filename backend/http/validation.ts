import type { Hook } from "@hono/zod-openapi";
import type { Context, Env, ValidationTargets } from "hono";
import type { z } from "zod";
import { InvalidInputError, type InputProblem } from "./errors.ts";
import { unsafeText } from "./unsafe-text.ts";

/**
 * What every route does with what its schema found: all problems in one error, in FastAPI's shape.
 *
 * @throws {InvalidInputError} `E_INVALID_INPUT`
 */
export const refuseInvalidInput: Hook<unknown, Env, string, void> = (result, c) => {
  const issues = result.success ? [] : result.error.issues;
  if (result.target === "json") refuseProblems(bodyProblems(c.get("body"), issues));
  else refuseProblems(issues.map((issue) => toProblem(issue, PLACES[result.target], undefined)));
};

/**
 * Checks a body by hand, where the route takes other formats than JSON as well.
 *
 * @throws {InvalidInputError} `E_INVALID_INPUT`
 */
export function checkBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const { data, error } = schema.safeParse(body);
  refuseProblems(bodyProblems(body, error?.issues ?? []));
  return data as z.output<T>;
}

/**
 * Checks a header by hand.
 *
 * @throws {InvalidInputError} `E_INVALID_INPUT`
 */
export function checkHeader<T extends z.ZodType>(c: Context, name: string, schema: T): z.output<T> {
  const { data, error } = schema.safeParse(c.req.header(name));
  const issues = error?.issues ?? [];
  refuseProblems(issues.map((issue) => toProblem({ ...issue, path: [name] }, PLACES.header, undefined)));
  return data as z.output<T>;
}

/** In FastAPI's words: where in a request the input stood. */
const PLACES: Readonly<Record<keyof ValidationTargets, string>> = {
  json: "body",
  form: "body",
  query: "query",
  param: "path",
  header: "header",
  cookie: "cookie",
};

function bodyProblems(body: unknown, issues: readonly z.core.$ZodIssue[]): readonly InputProblem[] {
  const unsafe = unsafeText(body);
  const places = new Set(unsafe.map(place));
  const problems = issues.map((issue) => toProblem(issue, PLACES.json, body));
  return [...unsafe, ...problems.filter((problem) => !places.has(place(problem)))];
}

function refuseProblems(problems: readonly InputProblem[]): void {
  if (problems.length > 0) throw new InvalidInputError(problems);
}

function place({ loc }: InputProblem): string {
  return loc.join("\n");
}

/** A zod issue in the words of FastAPI. Those of our own rules bring their type along. */
function toProblem(issue: z.core.$ZodIssue, where: string, input: unknown): InputProblem {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  const loc = [where, ...path];
  if (issue.code === "custom")
    return { type: String(issue.params?.["type"] ?? "value_error"), loc, msg: issue.message };
  if (issue.code !== "invalid_type") return { type: "value_error", loc, msg: issue.message };
  if (isMissing(input, path)) return { type: "missing", loc, msg: "Field required" };
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

function isMissing(input: unknown, path: readonly (string | number)[]): boolean {
  let value = input;
  for (const key of path) value = (value as Record<string | number, unknown> | undefined)?.[key];
  return value === undefined;
}
