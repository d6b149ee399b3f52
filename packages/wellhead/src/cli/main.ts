import { runCli } from "./run-cli.ts";

// Not awaited: the command is built as CommonJS, which has no top-level await.
void main();

async function main(): Promise<void> {
  process.exitCode = await runCli(process.argv.slice(2), {
    // Node makes a stream when it is asked for, and takes its time: most commands need one of the three.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return tolerant(process.stdout);
    },
    get stderr() {
      return tolerant(process.stderr);
    },
    env: process.env,
    cwd: process.cwd(),
    control: process,
  });
}

function tolerant(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const isKnown = stream.listeners("error").includes(ignoreClosedPipe);
  return isKnown ? stream : stream.on("error", ignoreClosedPipe);
}

/** `wellhead history | head` reads no further; what goes on here goes on to its end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
