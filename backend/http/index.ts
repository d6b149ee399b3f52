export { readBody } from "./body.ts";
export { identifyClient, type Client } from "./client.ts";
export { answerError } from "./error-answer.ts";
export { SECURITY_HEADERS, securityHeaders } from "./headers.ts";
export { answerNoRoute } from "./no-route.ts";
export { describeApi, type OpenApiDocument } from "./openapi.ts";
export { requestLog } from "./request-log.ts";
export { refuseInvalidInput } from "./validation.ts";
