import { runCli } from "../../../packages/wellhead/src/cli/run-cli.ts";

export interface WellheadAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  json(): unknown;
}

/**
 * Runs a command line in this process, for tests that need hundreds of them; `test/support/run-cli.ts` is the real
 * thing. The process stands in the folder then, as that of a shell would.
 */
export async function runWellhead(
  argv: readonly string[],
  cwd: string,
  url?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<WellheadAnswer> {
  let stdout = "";
  let stderr = "";
  process.chdir(cwd);
  const exitCode = await runCli(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: { ...environment, ...(url !== undefined && { DATABASE_URL: url }) },
    cwd,
  });
  return { exitCode, stdout, stderr, json: () => JSON.parse(stdout) };
}
