// The least that a registration can cost in Node: its body parsed, its hash, one INSERT of it, an answer. No rules, no limits,
// no log, nothing that is checked. `bench/register.ts --bare` measures it as it measures the backend.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";

import { Pool } from "pg";

// The library is the backend's.
const { hash } = createRequire(new URL("../../backend/package.json", import.meta.url))("@node-rs/argon2");
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const INSERT =
  "INSERT INTO bare (email, hashed_password) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id";

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
await pool.query("CREATE TABLE bare (id serial PRIMARY KEY, email text UNIQUE, hashed_password text)");

let free = availableParallelism();
const waiting = [];

/** As many hashes at a time as there are processors. */
async function hashInTurn(password) {
  if (free === 0) await new Promise((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    return await hash(password, ARGON2ID);
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text) => (body += text));
  request.on("end", () => void answer(request, response, body));
});
server.listen(0, () => console.log(`Listening on http://localhost:${server.address().port}`));
process.once("SIGTERM", () => process.exit());

async function answer({ method }, response, body) {
  if (method === "GET") return response.end("{}");
  const { email, password } = JSON.parse(body);
  const { rows } = await pool.query(INSERT, [email, await hashInTurn(password)]);
  response.writeHead(rows.length === 0 ? 409 : 201, { "Content-Type": "application/json" });
  return response.end(JSON.stringify({ id: rows[0]?.id, email }));
}
