import type { Output } from "./output.ts";

/** Where signals come from, and the way to leave at once: the process, or nothing in a test. */
export interface ProcessControl {
  readonly on: (signal: Signal, listener: () => void) => void;
  readonly off: (signal: Signal, listener: () => void) => void;
  /** Leaves now, whatever is still open. */
  readonly exit: (exitCode: number) => void;
}

type Signal = "SIGINT" | "SIGTERM";

/** As a shell tells it: 128 and the number of the signal. */
const EXIT_CODES: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** How long the server may take to end what it runs before we leave without its word. */
const PATIENCE_MS = 10_000;

/** Ctrl-C and its kin, while a command runs that must not be torn in two. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit status, once a signal has come. */
  readonly exitCode: () => number | undefined;
  readonly stop: () => void;
}

/**
 * Takes the signals over. The first asks the command to end in good order; the second, or ten seconds, end the process
 * without waiting: the server then rolls back when it finds us gone.
 */
export function listenForSignals(control: ProcessControl, output: Output): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const leave = (why: string): void => {
    output.error([`error: ${why}; the connection is cut, and the server rolls back what was not committed`]);
    control.exit(exitCode ?? EXIT_CODES.SIGINT);
  };
  const listenerOf = (signal: Signal) => (): void => {
    if (exitCode !== undefined) return leave("asked twice to end");
    exitCode = EXIT_CODES[signal];
    output.note("interrupted: what runs is cancelled and rolled back; once more leaves at once");
    output.log({ level: "warn", event: "interrupted", signal });
    timer = setTimeout(() => leave("the server has not answered for 10 s"), PATIENCE_MS);
    controller.abort();
  };
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => [signal, listenerOf(signal)] as const);
  for (const [signal, listener] of listeners) control.on(signal, listener);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    stop: () => {
      clearTimeout(timer);
      for (const [signal, listener] of listeners) control.off(signal, listener);
    },
  };
}
