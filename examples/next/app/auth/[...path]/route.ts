// A route handler of Next.js: what comes to /auth/… goes to the backend. In a project of yours `wellhead add backend`
// has copied it: then import it from there, by its relative path.
import { openBackend, type Backend } from "wellhead-backend/backend.ts";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

// One for the process: in development Next loads this module again after each change.
const kept = globalThis as { backend?: Promise<Backend> | undefined };

async function handle(request: Request): Promise<Response> {
  return await (await opened()).fetch(request);
}

/** Opened by the first request: `next build` loads this module too, and has no database. Where it fails the next one tries again. */
async function opened(): Promise<Backend> {
  kept.backend ??= openBackend({ upgrade: "heads" });
  try {
    return await kept.backend;
  } catch (error) {
    kept.backend = undefined;
    throw error;
  }
}

export { handle as DELETE, handle as GET, handle as POST };
