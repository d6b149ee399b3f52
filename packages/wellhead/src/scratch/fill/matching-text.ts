// Texts that match a regular expression or a LIKE pattern. Only the plain parts of the syntax are known; Postgres is
// the judge of what comes out.

/**
 * A few texts that probably match, from the shortest on; none where the pattern holds something unknown.
 *
 * @example
 * matchingTexts("^[A-Z]{3}$"); // ["AAA", "BBB", "CCC", …]
 */
export function matchingTexts(pattern: string): readonly string[] {
  const found = new Set<string>();
  for (const variant of [0, 1, 2, 5, 12, 24]) {
    const text = new Sampler(pattern, variant).sample();
    if (text !== undefined) found.add(text);
  }
  return [...found];
}

/** Texts that match a pattern of LIKE. */
export function likeTexts(pattern: string): readonly string[] {
  return ["", "a", "abc"].map((rest) => pattern.replaceAll("%", rest).replaceAll("_", "a"));
}

const CLASSES: Readonly<Record<string, string>> = {
  d: "123",
  w: "abc",
  s: " ",
  alpha: "abc",
  digit: "123",
  alnum: "abc1",
  lower: "abc",
  upper: "ABC",
  space: " ",
  xdigit: "abc",
  punct: "-.!",
};

/** One walk over a pattern that writes a match on its way. */
class Sampler {
  readonly #pattern: string;
  readonly #variant: number;
  #at = 0;

  constructor(pattern: string, variant: number) {
    this.#pattern = pattern;
    this.#variant = variant;
  }

  sample(): string | undefined {
    try {
      const text = this.#alternatives();
      return this.#at === this.#pattern.length ? text : undefined;
    } catch {
      return undefined;
    }
  }

  #alternatives(): string {
    const branches = [this.#sequence()];
    while (this.#take("|")) branches.push(this.#sequence());
    return branches[this.#variant % branches.length] ?? "";
  }

  #sequence(): string {
    let text = "";
    while (this.#at < this.#pattern.length && !"|)".includes(this.#peek())) {
      const start = this.#at;
      const once = this.#atom();
      const end = this.#at;
      const count = this.#count();
      text += once;
      // Each repetition is written anew, so that the characters of a class vary.
      const after = this.#at;
      for (let done = 1; done < count; done += 1) {
        this.#at = start;
        text += this.#atom();
      }
      this.#at = Math.max(after, end);
      if (count === 0) text = text.slice(0, text.length - once.length);
    }
    return text;
  }

  #atom(): string {
    const character = this.#next();
    switch (character) {
      case "^":
      case "$":
        return "";
      case ".":
        return this.#pick("abc");
      case "(": {
        if (this.#take("?") && !this.#take(":")) throw new Error("look-around");
        const inner = this.#alternatives();
        if (!this.#take(")")) throw new Error("an open parenthesis");
        return inner;
      }
      case "[":
        return this.#pick(this.#set());
      case "\\":
        return this.#escaped();
      default:
        return character;
    }
  }

  #escaped(): string {
    const character = this.#next();
    if ("mMyAZ".includes(character)) return "";
    const known = CLASSES[character];
    if (known !== undefined) return this.#pick(known);
    if (/[A-Za-z0-9]/u.test(character)) throw new Error("an escape that is not known");
    return character;
  }

  /** The characters of a bracket expression; of a negated one some that it does not name. */
  #set(): string {
    const isNegated = this.#take("^");
    let members = "";
    while (members === "" || this.#peek() !== "]") {
      const from = this.#setMember();
      if (this.#peek() === "-" && this.#pattern[this.#at + 1] !== "]") {
        this.#at += 1;
        members += range(from, this.#setMember());
      } else members += from;
    }
    this.#at += 1;
    if (!isNegated) return members;
    return [..."abcABC123-_ .@"].filter((each) => !members.includes(each)).join("");
  }

  #setMember(): string {
    const named = /^\[:(\w+):\]/u.exec(this.#pattern.slice(this.#at));
    if (named !== null) {
      this.#at += named[0].length;
      return CLASSES[named[1] ?? ""] ?? "";
    }
    const character = this.#next();
    if (character !== "\\") return character;
    const escaped = this.#next();
    return CLASSES[escaped] ?? escaped;
  }

  /** How often the atom before is wanted. */
  #count(): number {
    const bounds = /^\{(\d+)(?:(,)(\d*))?\}/u.exec(this.#pattern.slice(this.#at));
    let [least, most] = [1, 1];
    if (bounds !== null) {
      this.#at += bounds[0].length;
      least = Number(bounds[1]);
      most = bounds[2] === undefined ? least : bounds[3] === "" ? least + 60 : Number(bounds[3]);
    } else if (this.#take("*")) [least, most] = [0, 60];
    else if (this.#take("+")) [least, most] = [1, 60];
    else if (this.#take("?")) [least, most] = [0, 1];
    else return 1;
    this.#take("?");
    return Math.min(least + this.#variant, most, 100);
  }

  #pick(characters: string): string {
    return [...characters][this.#variant % characters.length] ?? "";
  }

  #peek(): string {
    return this.#pattern[this.#at] ?? "";
  }

  #next(): string {
    const character = this.#pattern[this.#at];
    if (character === undefined) throw new Error("the pattern ends early");
    this.#at += 1;
    return character;
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}

function range(from: string, to: string): string {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
  const length = Math.min(Math.max(last - first + 1, 0), 64);
  return Array.from({ length }, (_, index) => String.fromCodePoint(first + index)).join("");
}
