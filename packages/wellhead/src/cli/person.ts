import { createInterface } from "node:readline/promises";
import type { Ask } from "./command.ts";
import type { Output } from "./output.ts";

interface Terminal {
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: { readonly isTTY?: boolean };
}

/** The way to ask whoever sits at the terminal; undefined where nobody does, or where nothing but the answer is wanted. */
export function personAt({ stdin, stdout }: Terminal, output: Output): Ask | undefined {
  if (stdin?.isTTY !== true || stdout.isTTY !== true || output.format !== "text") return undefined;
  return async (question) => {
    const terminal = createInterface({ input: stdin, output: stdout as NodeJS.WritableStream });
    try {
      const left = new Promise<undefined>((resolve) => terminal.once("close", () => resolve(undefined)));
      return (await Promise.race([terminal.question(question), left]))?.trim();
    } finally {
      terminal.close();
    }
  };
}
