import { alembic } from "./alembic.ts";
import { dbmate } from "./dbmate.ts";
import { drizzleOrm } from "./drizzle-orm.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { knex } from "./knex.ts";
import { kysely } from "./kysely.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import type { Peer } from "./peer.ts";
import { typeorm } from "./typeorm.ts";
import { umzug } from "./umzug.ts";
import { wellhead } from "./wellhead.ts";

export type { Peer } from "./peer.ts";
export { wellhead } from "./wellhead.ts";

/** Wellhead first, then those that people would take instead. */
export const peers: readonly Peer[] = [
  wellhead,
  dbmate,
  nodePgMigrate,
  knex,
  umzug,
  graphileMigrate,
  kysely,
  typeorm,
  drizzleOrm,
  alembic,
];
