import { WellheadError } from "wellhead";

/** The body is larger than it may be. */
export class BodyTooLargeError extends WellheadError {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super("E_BODY_TOO_LARGE", `The body is larger than ${limitBytes} bytes.`);
    this.limitBytes = limitBytes;
  }
}

/** The body is not said to be in a format that the route takes, in UTF-8, or it is compressed. */
export class UnsupportedBodyError extends WellheadError {
  readonly formats: readonly string[];

  constructor(formats: readonly string[]) {
    super("E_UNSUPPORTED_BODY", `The body is not ${formats.join(" or ")} in UTF-8.`);
    this.formats = formats;
  }
}

/** Something was done more often than it may be. */
export class TooManyRequestsError extends WellheadError {
  readonly limit: string;
  readonly retryAfterS: number;

  constructor(limit: string, retryAfterS: number) {
    super("E_TOO_MANY_REQUESTS", `The limit ${limit} is reached for another ${retryAfterS} s.`);
    this.limit = limit;
    this.retryAfterS = retryAfterS;
  }
}

/** Nobody is signed in, or nobody any more. */
export class NotSignedInError extends WellheadError {
  constructor() {
    super("E_NOT_SIGNED_IN", "The request carries no token of a session that goes on.");
  }
}

/** A page of another site has made a browser send the request. */
export class CrossOriginError extends WellheadError {
  constructor() {
    super("E_CROSS_ORIGIN", "The request comes from another site.", {
      hint: "add the site to ALLOWED_ORIGINS if it is one of yours",
    });
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
