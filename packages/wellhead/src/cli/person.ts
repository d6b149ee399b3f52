import { createInterface, type Interface } from "node:readline";
import type { Ask } from "./command.ts";
import type { Output } from "./output.ts";

interface Terminal {
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Whoever sits at the terminal. */
export interface Person {
  readonly ask: Ask;
  /** Stops to listen, so that the process can end. */
  readonly leave: () => void;
}

/** The way to ask; undefined where nobody sits, or where nothing but the answer is wanted. */
export function personAt({ stdin, stdout }: Terminal, output: Output): Person | undefined {
  if (stdin?.isTTY !== true || stdout.isTTY !== true || output.format !== "text") return undefined;
  let terminal: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  return {
    ask: async (question) => {
      // One for all questions: what is typed ahead answers the next.
      terminal ??= createInterface({ input: stdin, output: stdout as NodeJS.WritableStream });
      lines ??= terminal[Symbol.asyncIterator]();
      terminal.setPrompt(question);
      terminal.prompt();
      const { value, done } = await lines.next();
      return done === true ? undefined : value.trim();
    },
    leave: () => terminal?.close(),
  };
}
