import { pythonStringValue } from "./string-value.ts";
import type { PythonToken } from "./tokens.ts";

/** What can be read without running Python: text, `None`, and tuples, lists or sets of text. */
export type PythonLiteral =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "none" }
  | { readonly kind: "list"; readonly entries: readonly string[] };

/** The value of an expression; undefined when it is no such literal. A tuple needs no brackets, as in Python. */
export function readPythonLiteral(tokens: readonly PythonToken[]): PythonLiteral | undefined {
  const reader = new LiteralReader(tokens);
  const value = reader.elements(undefined);
  return reader.isAtEnd ? value : undefined;
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

class LiteralReader {
  readonly #tokens: readonly PythonToken[];
  #next = 0;

  constructor(tokens: readonly PythonToken[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  /** Reads up to `close`, or to the end. Round brackets without a comma are no tuple: they hold the value itself. */
  elements(close: string | undefined): PythonLiteral | undefined {
    const values: PythonLiteral[] = [];
    let endsWithComma = true;
    while (!this.isAtEnd && !this.#isOperator(close)) {
      const value = endsWithComma ? this.#value() : undefined;
      if (value === undefined) return undefined;
      values.push(value);
      endsWithComma = this.#take(",");
    }
    if (close !== undefined && !this.#take(close)) return undefined;
    const [only] = values;
    if (values.length <= 1 && !endsWithComma && close !== "]" && close !== "}") return only;
    // Nothing at all, or `{}`, which is a dict.
    if (values.length === 0 && (close === undefined || close === "}")) return undefined;
    const entries = values.flatMap((value) => (value.kind === "text" ? [value.text] : []));
    return entries.length === values.length ? { kind: "list", entries } : undefined;
  }

  #value(): PythonLiteral | undefined {
    const token = this.#tokens[this.#next];
    if (token?.kind === "string") return this.#text();
    this.#next += 1;
    if (token?.kind === "name") return token.text === "None" ? { kind: "none" } : undefined;
    const close = token === undefined ? undefined : closing[token.text];
    if (close === undefined) return undefined;
    return this.elements(close);
  }

  /** Strings that follow each other are one. */
  #text(): PythonLiteral | undefined {
    let text = "";
    for (let token = this.#tokens[this.#next]; token?.kind === "string"; token = this.#tokens[this.#next]) {
      const part = pythonStringValue(token.text);
      if (part === undefined) return undefined;
      text += part;
      this.#next += 1;
    }
    return { kind: "text", text };
  }

  #isOperator(text: string | undefined): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === "operator" && token.text === text;
  }

  #take(text: string): boolean {
    const isThere = this.#isOperator(text);
    if (isThere) this.#next += 1;
    return isThere;
  }
}
