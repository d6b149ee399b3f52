import type { Setting } from "../../../backend/settings/setting.ts";
import { SECTIONS } from "../../../backend/settings/table.ts";

/** docs/configuration.md: the table of settings for people. */
export function configurationPage(): string {
  const rows = sections().flatMap(([, settings]) =>
    settings.map(([name, setting]) => {
      const otherwise = setting.default ? `\`${setting.default}\`` : "";
      return `| \`${name}\` | ${setting.allowed} | ${otherwise} | ${setting.meaning} |`;
    }),
  );
  return `# Configuration of the backend

Everything comes from the environment and is checked at the start: every mistake is told at once, by the variable's name,
and the server does not start. An empty variable counts as not set.

| variable | what it may be | default | meaning |
| --- | --- | --- | --- |
${rows.join("\n")}

What \`DATABASE_URL\` leaves out is read from libpq's own variables: \`PGHOST\`, \`PGPORT\`, \`PGUSER\`, \`PGPASSWORD\`,
\`PGDATABASE\`, \`PGSSLMODE\`, \`PGSSLROOTCERT\`, \`PGSSLCERT\`, \`PGSSLKEY\`, \`PGOPTIONS\`, \`PGAPPNAME\`, \`PGCONNECT_TIMEOUT\`,
\`PGCHANNELBINDING\`, \`PGTARGETSESSIONATTRS\`. \`npx wellhead doctor\` shows what became of them.

This page is made of \`backend/settings/table.ts\`.
`;
}

/** .env.example: the same for a machine to load, every line of it switched off. */
export function environmentExample(): string {
  const parts = sections().map(
    ([title, settings]) => `# ${title}\n\n${settings.map(exampleOf).join("\n\n")}\n`,
  );
  return `# Copy to .env and load it as your platform does; nothing here is read by itself. docs/configuration.md has the same as a table.\n\n${parts.join("\n")}`;
}

function exampleOf([name, setting]: [string, Setting<unknown>]): string {
  const lines = wrapped(`${setting.meaning} It may be ${setting.allowed}.`.replaceAll("`", ""));
  return [...lines.map((line) => `# ${line}`), `#${name}=${setting.example ?? setting.default ?? ""}`].join(
    "\n",
  );
}

function wrapped(text: string): readonly string[] {
  return text.match(/.{1,100}(?:\s|$)/g)?.map((line) => line.trim()) ?? [];
}

function sections(): readonly (readonly [string, readonly [string, Setting<unknown>][]])[] {
  return Object.entries(SECTIONS).map(([title, settings]) => [
    title,
    Object.entries<Setting<unknown>>(settings),
  ]);
}
