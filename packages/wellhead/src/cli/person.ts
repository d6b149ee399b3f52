import type { Interface } from "node:readline";
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
export function personAt(at: Terminal, output: Output): Person | undefined {
  if (output.format !== "text" || at.stdout.isTTY !== true || at.stdin?.isTTY !== true) return undefined;
  const { stdin, stdout } = at;
  let terminal: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  return {
    ask: async (question) => {
      const { createInterface } = await import("node:readline");
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
