export { createReadiness, type CheckReadiness } from "./readiness.ts";
export { addHealthRoutes, type HealthServices } from "./routes.ts";
