// A route handler of Next.js: what comes to /auth/… goes to the backend. In a project of yours `wellhead add backend`
// has copied it: then import it from there, by its relative path.
import { openBackend, type Backend } from "wellhead-backend/backend.ts";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const kept = globalThis as { backend?: Promise<Backend> };

async function handle(request: Request): Promise<Response> {
  // One for the process: in development Next loads this module again after each change. Not while it is being loaded,
  // because `next build` loads it too, and has no database.
  kept.backend ??= openBackend({ upgrade: "heads" });
  return await (await kept.backend).fetch(request);
}

export { handle as DELETE, handle as GET, handle as POST };
