// The backend in a Fastify 5 application. In a project of yours `wellhead add backend` has copied it: then import
// "./backend/backend.ts".
import { getRequestListener } from "@hono/node-server";
import Fastify from "fastify";
import { openBackend } from "wellhead-backend/backend.ts";

const backend = await openBackend({ upgrade: "heads" });
const answer = getRequestListener(backend.fetch, { overrideGlobalObjects: false });

const app = Fastify();
// onRequest is the last moment before Fastify reads the body; hijack() leaves the answer to somebody else.
app.addHook("onRequest", async (request, reply) => {
  if (!request.url.startsWith("/auth/")) return;
  reply.hijack();
  await answer(request.raw, reply.raw);
});

app.get("/hello", () => ({ hello: "Fastify" }));
app.addHook("onClose", async () => await backend.close());

console.log(`Listening on ${await app.listen({ port: backend.settings.port })}`);

process.once("SIGTERM", () => void app.close());
