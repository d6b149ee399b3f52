/**
 * What a person may see of a command or of what it says: no password of a URL, and nothing that is given to a name which
 * sounds like a secret (`PGPASSWORD=…`, `--password …`, `API_TOKEN=…`).
 */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/(:\/\/[^:/\s]*):[^@\s]*@/gu, "$1:***@").replaceAll(given, "$1***");
}

const given =
  /([\w-]*(?:passw(?:or)?d|\bpwd?\b|passphrase|secret|token|credential|api-?_?key)[\w-]*(?:=|\s+))("[^"]*"|'[^']*'|[^\s;&|"']+)/giu;
