import { stripVTControlCharacters } from "node:util";

/** One line at the bottom of a terminal that is written over and over, and leaves nothing behind. */
export interface LiveLine {
  /** Whether there is a terminal to show it. Elsewhere the other verbs show nothing. */
  readonly isShown: boolean;
  readonly show: (text: string) => void;
  readonly hide: () => void;
  /** Writes something else, which goes above the line. */
  readonly aside: (write: () => void) => void;
}

interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
}

/** For output that no terminal shows: not one control character. */
export const noLiveLine: LiveLine = {
  isShown: false,
  show: () => undefined,
  hide: () => undefined,
  aside: (write) => write(),
};

const ERASE = "\r\u001B[2K";

export function createLiveLine(terminal: Terminal): LiveLine {
  let shown: string | undefined;
  // A terminal that does not know its width says 0.
  const width = (): number => (terminal.columns ?? 0) || 80;
  const draw = (text: string): unknown => terminal.write(ERASE + fitted(text, width() - 1));
  const erase = (): unknown => shown !== undefined && terminal.write(ERASE);
  return {
    isShown: true,
    show: (text) => {
      shown = text;
      draw(text);
    },
    hide: () => {
      erase();
      shown = undefined;
    },
    aside: (write) => {
      erase();
      write();
      if (shown !== undefined) draw(shown);
    },
  };
}

/** Cut to the width: a line that wraps cannot be erased. Whatever is not ASCII counts as two columns, as it may be. */
function fitted(text: string, width: number): string {
  let used = 0;
  let cut = "";
  for (const character of stripVTControlCharacters(text)) {
    used += character < "\u007F" ? 1 : 2;
    if (used > width) return cut;
    cut += character;
  }
  return cut;
}
