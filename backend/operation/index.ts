export { createMetrics } from "./metrics.ts";
export { addMetricsRoute } from "./routes.ts";
export { traced, traceDatabase, traceRequests } from "./tracing.ts";
