import type { PgliteTarget, PgTarget } from "../../database-url/index.ts";
import { Checkup, type DoctorReport } from "./checkup.ts";
import { checkDurability, checkEmbeddedDurability } from "./durability.ts";
import { checkFolder, checkOpen } from "./embedded.ts";
import type { ExamineOptions } from "./examine-options.ts";
import { checkLogin } from "./login.ts";
import { checkNames, checkTcp } from "./network.ts";
import { checkPooler } from "./pooler.ts";
import { checkReadOnly, checkRole, checkServer } from "./server.ts";
import { checkClock, checkRoundTrip } from "./timing.ts";
import { checkTls } from "./tls.ts";
import { checkUrl } from "./url.ts";

/** All layers of the database that the address names. */
export async function examineLayers(options: ExamineOptions): Promise<DoctorReport> {
  const checkup = new Checkup();
  const target = await checkup.run("url", options.source, checkUrl);
  if (target?.driver === "pglite") await examineEmbedded(checkup, target, options);
  else await examineServer(checkup, target, options);
  return checkup.report();
}

async function examineServer(
  checkup: Checkup,
  target: PgTarget | undefined,
  { env, inside }: ExamineOptions,
): Promise<void> {
  const way = target && { target, env };
  const named = await checkup.run("dns", target, checkNames);
  const answering = await checkup.run("tcp", named && target && { named, target }, checkTcp);
  const secured = await checkup.run("tls", answering && way && { ...way, endpoint: answering }, checkTls);
  const database = await checkup.run("login", secured && way, checkLogin);
  try {
    const server = await checkup.run("server", database, checkServer);
    const known = server && database;
    await checkup.run("pooler", known && way, checkPooler);
    const isPrimary = await checkup.run("role", known, checkRole);
    const takesWrites = await checkup.run("read-only", known, checkReadOnly);
    await checkup.run("durability", known, checkDurability);
    const writable = isPrimary && takesWrites && known;
    await inside(checkup, { isEmbedded: false, database: known, writable });
    await checkup.run("clock", known, checkClock);
    await checkup.run("round trip", known, checkRoundTrip);
  } finally {
    await database?.close();
  }
}

async function examineEmbedded(
  checkup: Checkup,
  target: PgliteTarget,
  { baseFolder, inside }: ExamineOptions,
): Promise<void> {
  const place = { target, baseFolder };
  const folder = await checkup.run("folder", place, checkFolder);
  // What was never made is not made by a question.
  const database = await checkup.run("open", folder?.isThere === true ? place : undefined, checkOpen);
  try {
    const server = await checkup.run("server", database, checkServer);
    const known = server && database;
    await checkup.run("durability", known, checkEmbeddedDurability);
    await inside(checkup, { isEmbedded: true, database: known, writable: known });
  } finally {
    await database?.close();
  }
}
