import { DatabaseUrlPlaceholderError } from "./errors.ts";

// Forms that a template engine or a shell would have replaced; they occur anywhere in a value.
const UNEXPANDED: readonly RegExp[] = [
  /\$\{\{[^{}]*\}\}/g, // GitHub Actions, Railway
  /\$\{([a-z_][\w.]*)[^{}]*\}/gi, // shell, compose
  /(?<!\$)\{\{[^{}]*\}\}/g, // Helm, Jinja
  /\$\([a-z_][^()]*\)/gi, // Kubernetes, Azure Pipelines, a shell's command
  /%\([a-z_]\w*\)s/gi, // Python
  /#\{[a-z_][\w.]*\}#?/gi, // Octopus, Azure
];

// Forms that documentation uses, and a shell's plain variables. A password may hold such characters by chance, so
// they count everywhere but there.
const IN_QUERIES: readonly RegExp[] = [
  /<[^<>@:/]+>/g,
  /(?<![${])\{[a-z_]\w*\}(?!\})/gi,
  /\$[A-Z][A-Z0-9_]+/g,
];
const OUTSIDE_PASSWORDS: readonly RegExp[] = [...IN_QUERIES, /\[[a-z][\w -]*\]/gi];

// The same, and tokens of build pipelines, as the whole of a part.
const WHOLE_PART: readonly RegExp[] = [
  /^<[^<>]+>$/,
  /^\[[a-z][\w -]*\]$/i,
  /^\{[a-z_]\w*\}$/i,
  /^\$[A-Z][A-Z0-9_]+$/,
  /^%[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+%$/,
  /^__[A-Z0-9_]+__$/i,
];

// In a password they must also name what is missing: [x7Kq2] may be a password, [YOUR-PASSWORD] is none.
const NAMES_A_SECRET = /pass|pwd|pw\b|secret|your|cred|token|key|redacted|hidden/i;
const MASKED = /^[*•●…]{3,}$/; // as a console or a log shows it

const FILL_IN_WORDS =
  /^(?:change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this)|fill[-_ ]?me(?:[-_ ]?in)?|placeholder|redacted|todo|fixme)!*$/i;
const YOUR_PASSWORD =
  /^(?:(?:insert|enter)[-_ ])?your(?:[-_ ][a-z]+){0,3}[-_ ]?(?:password|passwd|pwd|pass|secret)(?:[-_ ]?here)?$/i;
const PASSWORD_IN_CAPITALS = /^(?:[A-Z0-9]+[-_])*(?:PASSWORD|PASSWD|PWD)$/;
const HOST_WORD =
  /^(?:(?:[A-Z0-9]+_)*(?:HOST|HOSTNAME|SERVER)|your[-_](?:host|hostname|server|db[-_]host|database[-_]host))$/;
const PORT_WORD = /^(?:[A-Z0-9]+_)*PORT$/;

/**
 * What a value is for. A password may look like anything, so less counts as a placeholder there; a setting, such as
 * an application's name, may well hold brackets.
 */
type PartKind = "password" | "address" | "setting";

const ADDRESS_NAMES = new Set([
  "host",
  "hostaddr",
  "port",
  "user",
  "dbname",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
]);

/** Refuses a URL, or any other whole value, in which something is still to be filled in. The text is as written, not decoded. */
export function refusePlaceholdersInValue(text: string, variable: string): void {
  refuse(
    [...allMatches(UNEXPANDED, text), ...placeholdersInUrl(text), ...placeholderForValue(text)],
    variable,
  );
}

/** Refuses parameters, by libpq's names and decoded, that are still to be filled in. */
export function refusePlaceholdersInParameters(
  parameters: readonly (readonly [name: string, value: string])[],
  variable: string,
): void {
  const found = parameters.flatMap(([name, value]) => [
    ...allMatches(UNEXPANDED, value),
    ...placeholdersInPart(value, kindOf(name)),
  ]);
  refuse(found, variable);
}

/**
 * Refuses a password that stands for a missing one on a public server. On this machine and in a private network
 * such words are in real use: compose files run with `changeme`.
 */
export function refuseFillInPassword(password: string, variable: string): void {
  if (FILL_IN_WORDS.test(password) || /^x{5,}$/i.test(password)) refuse([password], variable);
}

function refuse(found: readonly string[], variable: string): void {
  if (found.length > 0) throw new DatabaseUrlPlaceholderError(variable, [...new Set(found)].slice(0, 8));
}

function kindOf(name: string): PartKind {
  if (name.endsWith("password")) return "password";
  return ADDRESS_NAMES.has(name) ? "address" : "setting";
}

function placeholdersInPart(text: string, kind: PartKind): readonly string[] {
  if (kind === "setting") return [];
  return kind === "password" ? placeholderForPassword(text) : placeholdersInAddressPart(text);
}

function placeholdersInUrl(text: string): readonly string[] {
  const rest = /^(?:jdbc:)?[a-z][a-z0-9+.-]*:\/\/(.*)$/is.exec(text)?.[1];
  if (rest === undefined) return [];
  const lastAt = rest.lastIndexOf("@");
  const [user = ""] = rest.slice(0, Math.max(lastAt, 0)).split(":");
  const address = rest.slice(lastAt + 1);
  return [
    ...placeholdersInAddressPart(user),
    ...passwordsIn(rest).flatMap(placeholderForPassword),
    ...placeholdersInAddress(address),
  ];
}

/** Every reading of the password: from the first colon to each `@`, and as a parameter. */
function passwordsIn(rest: string): readonly string[] {
  const parameters = [...rest.matchAll(/[?&]password=([^&]*)/g)].map(([, password = ""]) => password);
  const start = rest.indexOf(":") + 1;
  if (start === 0) return parameters;
  const pieces = rest.slice(start).split("@", 5);
  return [...parameters, ...pieces.slice(0, -1).map((_, index) => pieces.slice(0, index + 1).join("@"))];
}

function placeholderForPassword(password: string): readonly string[] {
  if (password.length > 60) return [];
  const isInCapitals = password === password.toUpperCase() && FILL_IN_WORDS.test(password);
  const isWord = isInCapitals || YOUR_PASSWORD.test(password) || PASSWORD_IN_CAPITALS.test(password);
  if (isWord || MASKED.test(password)) return [password];
  return NAMES_A_SECRET.test(password) ? allMatches(WHOLE_PART, password) : [];
}

function placeholdersInAddressPart(text: string): readonly string[] {
  return [...allMatches(OUTSIDE_PASSWORDS, text), ...allMatches(WHOLE_PART, text)];
}

function placeholdersInAddress(address: string): readonly string[] {
  const [beforeQuery = "", ...query] = address.split("?");
  const [hosts = "", path = ""] = beforeQuery.split("/", 2);
  const [host = "", port = ""] = hosts.split(":");
  const isPortWord =
    PORT_WORD.test(port) || (port === "port" && /^(?:host|hostname|server|localhost)$/.test(host));
  return [
    ...allMatches(OUTSIDE_PASSWORDS, beforeQuery),
    ...allMatches(IN_QUERIES, query.join("?")),
    ...(HOST_WORD.test(host) ? [host] : []),
    ...(isPortWord ? [port] : []),
    ...[host, port, path].flatMap((part) => allMatches(WHOLE_PART, part)),
  ];
}

/** For a value that is no URL at all, such as `changeme` or `your-database-url`. */
function placeholderForValue(text: string): readonly string[] {
  if (text.length > 60 || text.includes(":")) return [];
  const isWord = FILL_IN_WORDS.test(text) || /^(?:insert|enter|your)[-_ ][\w -]+$/i.test(text);
  return isWord ? [text] : allMatches(WHOLE_PART, text);
}

/** One of these is in everything that the forms match, and in few values else. */
const SIGN_OF_A_PLACEHOLDER = /[<[{(%$]|__/;

function allMatches(forms: readonly RegExp[], text: string): readonly string[] {
  if (!SIGN_OF_A_PLACEHOLDER.test(text)) return [];
  return forms.flatMap((form) => {
    const matches = form.global
      ? [...text.matchAll(form)]
      : [form.exec(text)].filter((match) => match !== null);
    // The default in a shell's ${NAME:-default} may be a secret.
    return matches.map(([all, name]) => (name === undefined ? all.slice(0, 60) : `\${${name}}`));
  });
}
