// The backend in an Express 5 application. In a project of yours `wellhead add backend` has copied it: then import
// "./backend/backend.ts".
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { openBackend } from "wellhead-backend/backend.ts";

const backend = await openBackend({ upgrade: "heads" });

const app = express();
// Before any middleware that reads bodies: the backend reads its own. The path stays whole, unlike below `app.use`.
app.all("/auth/{*path}", getRequestListener(backend.fetch, { overrideGlobalObjects: false }));

app.use(express.json());
app.get("/hello", (_request, response) => {
  response.json({ hello: "Express" });
});

const server = app.listen(backend.settings.port, (error) => {
  if (error !== undefined) throw error;
  const address = server.address();
  console.log(`Listening on http://localhost:${typeof address === "object" ? address?.port : ""}`);
});

process.once("SIGTERM", () => {
  server.close(() => void backend.close());
  server.closeIdleConnections();
});
