export { addDebugRoutes } from "./routes.ts";
