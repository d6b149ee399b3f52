import { WellheadError } from "../wellhead-error.ts";
import { runCli } from "./run-cli.ts";

// Not awaited: the command is built as CommonJS, which has no top-level await.
void main();

async function main(): Promise<void> {
  process.on("unhandledRejection", tellLate);
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

/** What a `.ts` revision asks after its end, awaited by nobody: with its hint, where Node would show a stack. */
function tellLate(error: unknown): void {
  if (!(error instanceof WellheadError)) throw error;
  const hint = error.hint === undefined ? "" : `hint: ${error.hint}\n`;
  process.stderr.write(`error: ${error.message}\n${hint}`);
  process.exit(1);
}

function tolerant(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const isKnown = stream.listeners("error").includes(ignoreClosedPipe);
  return isKnown ? stream : stream.on("error", ignoreClosedPipe);
}

/** `wellhead history | head` reads no further; what goes on here goes on to its end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
