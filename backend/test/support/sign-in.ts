import { ask, PASSWORD, type Answer } from "./requests.ts";

/** Sends a sign-in as JSON. */
export async function login(
  url: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await ask(`${url}/auth/login`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** Sends a sign-in as a form, as OAuth2's clients do. */
export async function loginForm(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await ask(`${url}/auth/login`, { method: "POST", body: new URLSearchParams(fields), headers });
}

/** Signs a user in; their token. */
export async function signedIn(
  url: string,
  email: string,
  headers: Record<string, string> = {},
  password: string = PASSWORD,
): Promise<string> {
  const { body, status } = await login(url, { email, password }, headers);
  if (status !== 200) throw new Error(`The sign-in was answered with ${status}.`);
  return (body as { access_token: string }).access_token;
}

/** A request's options that carry the token. */
export function bearer(token: string): { headers: { Authorization: string } } {
  return { headers: { Authorization: `Bearer ${token}` } };
}
