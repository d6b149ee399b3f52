import { runCli } from "./run-cli.ts";

const { stdout, stderr, env } = process;

// Not awaited: the command is built as CommonJS, which has no top-level await.
void runCli(process.argv.slice(2), { stdout, stderr, env, cwd: process.cwd() }).then((exitCode) => {
  process.exitCode = exitCode;
});
