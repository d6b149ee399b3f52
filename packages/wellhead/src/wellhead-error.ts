/** What every error of Wellhead can carry beside its message. */
export interface WellheadErrorOptions {
  /** The next step, for a person: a command to run, a line to change. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The base of every error that Wellhead throws on purpose. A subclass stands for one fact and carries it in its
 * own fields; `code` is stable and is what a program should look at, `message` and `hint` are for people.
 *
 * @example
 * try {
 *   graph.resolve("head");
 * } catch (error) {
 *   if (error instanceof WellheadError && error.code === "E_MULTIPLE_HEADS") console.error(error.hint);
 *   else throw error;
 * }
 */
export class WellheadError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: WellheadErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
  }

  /** The error as data: code, message, hint and the facts of the subclass; never the stack or the cause. */
  toJSON(): Record<string, unknown> {
    const { name: _name, cause: _cause, stack: _stack, ...facts } = this as Record<string, unknown> & Error;
    return { ...facts, code: this.code, message: this.message, hint: this.hint };
  }
}
