export { addDebugRoutes, type DebugServices } from "./routes.ts";
