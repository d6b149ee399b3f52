/** What a person may see of a command or of what it says: no password of a URL, nor one that is assigned (`PGPASSWORD=…`, `--password …`). */
export function withoutPasswords(text: string): string {
  return text
    .replaceAll(/(:\/\/[^:/\s]*):[^@\s]*@/gu, "$1:***@")
    .replaceAll(/(passw(?:or)?d(?:=|\s+))("[^"]*"|'[^']*'|[^\s;&|"']+)/giu, "$1***");
}
