import { runCli } from "./run-cli.ts";

// Not awaited: the command is built as CommonJS, which has no top-level await.
void main();

async function main(): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) stream.on("error", ignoreClosedPipe);
  process.exitCode = await runCli(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    control: process,
  });
}

/** `wellhead history | head` reads no further; what goes on here goes on to its end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
