import type { OpenAPIHono } from "@hono/zod-openapi";

/** The OpenAPI document, as plain data. */
export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
type Operation = Record<string, unknown> & { responses?: Record<string, Response>; requestBody?: unknown };
interface Response {
  description: string;
  content?: Readonly<Record<string, unknown>>;
  headers?: unknown;
}

/**
 * Describes the routes that were added to `app`. What they have in common is written here once: the answers that any
 * request can get, and the body of every error.
 */
export function describeApi(app: OpenAPIHono): OpenApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Wellhead backend",
      version: "0.1.0",
      description: "Registration on Postgres. A 201 is sent only after COMMIT.",
    },
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path) as Operation[]) operation.responses = completed(operation);
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...ERROR_SCHEMAS },
  };
  return document;
}

/** All statuses of an operation, in order, each error with its body. */
function completed(operation: Operation): Record<string, Response> {
  const withBody = operation.requestBody === undefined ? {} : BODY_ANSWERS;
  const all = { ...withBody, ...ANY_ANSWERS, ...operation.responses };
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => [status, withErrorBody(status, answer)]),
  );
}

function withErrorBody(status: string, answer: Response): Response {
  if (Number(status) < 400) return answer;
  const headers = ["429", "503"].includes(status) ? { headers: { "Retry-After": RETRY_AFTER } } : {};
  return { ...headers, ...answer, content: { ...ERROR_CONTENT, ...answer.content } };
}

const ERROR_CONTENT = {
  "application/json": { schema: { $ref: "#/components/schemas/Error" } },
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};

const RETRY_AFTER = { description: "When to try again, in seconds.", schema: { type: "integer" } };

const ANY_ANSWERS: Record<string, Response> = {
  500: { description: "A fault of the server's; its log tells more under the request's id." },
};

const BODY_ANSWERS: Record<string, Response> = {
  413: { description: "The body is larger than 16 KiB." },
  415: { description: "The body is not JSON." },
  422: {
    description: "The body is malformed, or fields of it are not valid: every bad one is named.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/HTTPValidationError" } } },
  },
};

/** By FastAPI's names, so that clients made from its document go on working. */
const ERROR_SCHEMAS = {
  Error: {
    type: "object" as const,
    properties: { detail: { type: "string" as const } },
    required: ["detail"],
  },
  /** RFC 9457, for those who ask for it. */
  Problem: {
    type: "object" as const,
    properties: {
      type: { type: "string" as const, format: "uri-reference" },
      title: { type: "string" as const },
      status: { type: "integer" as const },
      detail: { type: "string" as const },
      request_id: { type: "string" as const },
      errors: { type: "array" as const, items: { $ref: "#/components/schemas/ProblemField" } },
    },
    required: ["type", "title", "status"],
  },
  ProblemField: {
    type: "object" as const,
    properties: {
      detail: { type: "string" as const },
      pointer: { type: "string" as const, description: "The field, as a JSON Pointer." },
      code: { type: "string" as const, description: "A stable name of the rule." },
    },
    required: ["detail", "pointer", "code"],
  },
  HTTPValidationError: {
    type: "object" as const,
    properties: {
      detail: { type: "array" as const, items: { $ref: "#/components/schemas/ValidationError" } },
    },
    required: ["detail"],
  },
  ValidationError: {
    type: "object" as const,
    properties: {
      type: { type: "string" as const, description: "A stable name of the rule." },
      loc: {
        type: "array" as const,
        items: { anyOf: [{ type: "string" as const }, { type: "integer" as const }] },
        description: "Where: body, then the field.",
      },
      msg: { type: "string" as const },
    },
    required: ["type", "loc", "msg"],
  },
};
