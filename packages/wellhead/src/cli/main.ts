import { runCli } from "./run-cli.ts";

// Not awaited: the command is built as CommonJS, which has no top-level await.
void main();

async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  process.exitCode = await runCli(process.argv.slice(2), {
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    control: process,
  });
}
