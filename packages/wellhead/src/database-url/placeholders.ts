import { DatabaseUrlPlaceholderError } from "./errors.ts";

// Forms that a template engine or a shell would have replaced; they occur anywhere in a value.
const UNEXPANDED: readonly RegExp[] = [
  /\$\{\{[^{}]*\}\}/, // GitHub Actions, Railway
  /\$\{([a-z_][\w.]*)[^{}]*\}/i, // shell, compose
  /\{\{[^{}]*\}\}/, // Helm, Jinja
  /\$\([a-z_][^()]*\)/i, // Kubernetes, Azure Pipelines, a shell's command
  /%\([a-z_]\w*\)s/i, // Python
  /#\{[a-z_][\w.]*\}#?/i, // Octopus, Azure
];

// Forms that documentation uses. A password may hold such characters, so there they count only as the whole.
const DOCUMENTED: readonly RegExp[] = [/<[^<>@:/]+>/, /\[[a-z][\w -]*\]/i, /\{[a-z_]\w*\}/i];

const WHOLE_PART: readonly RegExp[] = [
  ...DOCUMENTED.map((form) => new RegExp(`^${form.source}$`, form.flags)),
  /^\$(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PASSWORD|PASS|PGPASSWORD|USER|USERNAME|HOST|PORT|DATABASE|DB|DBNAME)$/,
  /^%[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+%$/,
  /^__[A-Z0-9_]+__$/i,
  /^[*•●…]{3,}$/, // a masked password, copied as it was shown
];

const FILL_IN_WORDS =
  /^(?:change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this)|fill[-_ ]?me(?:[-_ ]?in)?|placeholder|redacted|todo|fixme)!*$/i;
const YOUR_PASSWORD =
  /^(?:insert[-_ ]|enter[-_ ])?your[-_ ]?[a-z_ -]{0,30}(?:password|passwd|pwd|pass|secret)(?:[-_ ]?here)?$/i;
const PASSWORD_IN_CAPITALS = /^(?:[A-Z0-9]+[-_])*(?:PASSWORD|PASSWD|PWD)$/;
const HOST_WORD =
  /^(?:(?:[A-Z0-9]+_)*(?:HOST|HOSTNAME|SERVER)|your[-_](?:host|hostname|server|db[-_]host|database[-_]host))$/;
const PORT_WORD = /^(?:[A-Z0-9]+_)*PORT$/;

/** Which part of an address a value is; a password may look like anything, so less counts as a placeholder there. */
export type AddressPart = "password" | "other";

/** Refuses a URL, or any other whole value, in which something is still to be filled in. The text is as written, not decoded. */
export function refusePlaceholderInValue(text: string, variable: string): void {
  const found = firstMatch(UNEXPANDED, text) ?? placeholderInUrl(text) ?? placeholderForValue(text);
  if (found !== undefined) throw new DatabaseUrlPlaceholderError(variable, found);
}

/** Refuses one part of an address that is still to be filled in. */
export function refusePlaceholderInPart(text: string, part: AddressPart, variable: string): void {
  const found =
    firstMatch(UNEXPANDED, text) ??
    (part === "password"
      ? placeholderForPassword(text)
      : (firstMatch(DOCUMENTED, text) ?? firstMatch(WHOLE_PART, text)));
  if (found !== undefined) throw new DatabaseUrlPlaceholderError(variable, found);
}

/**
 * Refuses a password that stands for a missing one on a public server. On this machine and in a private network
 * such words are in real use: compose files run with `changeme`.
 */
export function refuseFillInPassword(password: string, variable: string): void {
  if (FILL_IN_WORDS.test(password) || /^x{5,}$/i.test(password))
    throw new DatabaseUrlPlaceholderError(variable, password);
}

function placeholderInUrl(text: string): string | undefined {
  const rest = /^[a-z][a-z0-9+.:-]*:\/\/(.*)$/is.exec(text)?.[1];
  if (rest === undefined) return undefined;
  const lastAt = rest.lastIndexOf("@");
  const [user = ""] = rest.slice(0, Math.max(lastAt, 0)).split(":");
  const address = rest.slice(lastAt + 1);
  return (
    passwordsIn(rest)
      .map(placeholderForPassword)
      .find((found) => found !== undefined) ??
    firstMatch([...DOCUMENTED, ...WHOLE_PART], user) ??
    firstMatch(DOCUMENTED, address) ??
    placeholderInAddress(address)
  );
}

/** Every reading of the password: from the first colon to each `@`. */
function passwordsIn(rest: string): readonly string[] {
  const start = rest.indexOf(":") + 1;
  if (start === 0) return [];
  const pieces = rest.slice(start).split("@", 5);
  return pieces.slice(0, -1).map((_, index) => pieces.slice(0, index + 1).join("@"));
}

function placeholderForPassword(password: string): string | undefined {
  if (password.length > 60) return undefined;
  const isInCapitals = password === password.toUpperCase() && FILL_IN_WORDS.test(password);
  const isWord = isInCapitals || YOUR_PASSWORD.test(password) || PASSWORD_IN_CAPITALS.test(password);
  return isWord ? password : firstMatch(WHOLE_PART, password);
}

function placeholderInAddress(address: string): string | undefined {
  const [hosts = "", path = ""] = address.split(/[/?]/, 2);
  const [host = "", port = ""] = hosts.split(":");
  if (HOST_WORD.test(host)) return host;
  if (PORT_WORD.test(port) || (port === "port" && /^(?:host|hostname|server|localhost)$/.test(host)))
    return port;
  return firstMatch(WHOLE_PART, host) ?? firstMatch(WHOLE_PART, port) ?? firstMatch(WHOLE_PART, path);
}

/** For a value that is no URL at all, such as `changeme` or `your-database-url`. */
function placeholderForValue(text: string): string | undefined {
  if (text.length > 60 || text.includes(":")) return undefined;
  const isWord = FILL_IN_WORDS.test(text) || /^(?:insert|enter|your)[-_ ][\w -]+$/i.test(text);
  return isWord ? text : firstMatch(WHOLE_PART, text);
}

function firstMatch(forms: readonly RegExp[], text: string): string | undefined {
  for (const form of forms) {
    const match = form.exec(text);
    // The default in a shell's ${NAME:-default} may be a secret.
    if (match !== null) return match[1] === undefined ? match[0].slice(0, 60) : `\${${match[1]}}`;
  }
  return undefined;
}
