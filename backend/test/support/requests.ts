/** What a test looks at in an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A password that every rule accepts. */
export const PASSWORD = "seven purple herons";

let count = 0;

/** An address that no other test has. */
export function newEmail(): string {
  count++;
  return `user-${process.pid}-${count}@example.com`;
}

/** Sends a registration: fields over those of a good one, as JSON. */
export async function register(url: string, fields: Record<string, unknown> = {}): Promise<Answer> {
  return await postJson(url, JSON.stringify({ email: newEmail(), password: PASSWORD, ...fields }));
}

/** Sends text as a registration's JSON. */
export async function postJson(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await ask(`${url}/auth/register`, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** Any request; its answer's body parsed where it is JSON. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = text !== "" && response.headers.get("Content-Type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

export async function countUsers(url: string): Promise<number> {
  const { body } = await ask(`${url}/debug/users_count`);
  return (body as { count: number }).count;
}
