import { WellheadError } from "wellhead";

/** The body is larger than it may be. */
export class BodyTooLargeError extends WellheadError {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super("E_BODY_TOO_LARGE", `The body is larger than ${limitBytes} bytes.`);
    this.limitBytes = limitBytes;
  }
}

/** The body is not said to be JSON in UTF-8, or it is compressed. */
export class NotJsonError extends WellheadError {
  constructor() {
    super("E_NOT_JSON", "The body is not application/json in UTF-8.");
  }
}

/** Something is wrong with the input; `problems` goes to the client as it is. */
export class InvalidInputError extends WellheadError {
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[], cause?: unknown) {
    super("E_INVALID_INPUT", `The input has ${problems.length} problems.`, { cause });
    this.problems = problems;
  }
}

/** One thing that is wrong with the input, in FastAPI's shape; never with the input itself. */
export interface InputProblem {
  readonly type: string;
  /** Where: `body`, then the fields down to the bad one. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** There is no body. */
export class MissingBodyError extends InvalidInputError {
  constructor() {
    super([{ type: "missing", loc: ["body"], msg: "Field required" }]);
  }
}

/** The body is not JSON, or not UTF-8. */
export class JsonSyntaxError extends InvalidInputError {
  constructor(position: number | undefined, cause: unknown) {
    const loc = position === undefined ? ["body"] : ["body", position];
    super([{ type: "json_invalid", loc, msg: "JSON decode error" }], cause);
  }
}

/** The client went away before its request had arrived; nobody reads the answer. */
export class ClientGoneError extends WellheadError {
  constructor(cause: unknown) {
    super("E_CLIENT_GONE", "The client went away before its request had arrived.", { cause });
  }
}
