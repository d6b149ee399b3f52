export { createReadiness } from "./readiness.ts";
export { addHealthRoutes, type HealthServices } from "./routes.ts";
