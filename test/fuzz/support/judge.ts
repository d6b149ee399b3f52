import type { HostileRequest } from "./hostile-request.ts";
import { SECRET } from "./hostile-values.ts";
import type { Reply } from "./send.ts";

/** What no client is told: words of the inside, and what was secret when it was sent. */
const INNER =
  /node_modules|node:internal|\bat \S+ \(|\.ts:\d+|SQLSTATE|drizzle|insert into|select .* from|users_email_normalized_key|hashed_password|token_hash|\$argon2|postgres(?:ql)?:\/\/|ECONN|ENOENT|TypeError|SyntaxError|RangeError/i;

/** What is wrong with what came back; undefined when nothing is. */
export function judge({ answers }: HostileRequest, { text, statuses, end }: Reply): string | undefined {
  if (end === "refused") return "the server is away";
  if (statuses.length < answers) return `${statuses.length} answers of ${answers} (${end})`;
  const failed = statuses.find((status) => status >= 500 && status !== 503);
  if (failed !== undefined) return `status ${failed}`;
  if (statuses.includes(503) && !/^retry-after: \d+\r$/im.test(text)) return "503 without Retry-After";
  if (text.includes(SECRET)) return "a secret is told";
  const inner = INNER.exec(withoutAssets(text))?.[0];
  return inner === undefined ? undefined : `an inner word: ${inner}`;
}

/** The script and the documentation hold such words by right. */
function withoutAssets(text: string): string {
  return /^content-type: (?:text\/javascript|text\/plain; version)/im.test(text)
    ? ""
    : text.replaceAll(/"example":"[^"]*"/g, "");
}
