/** What an extension of PGlite is called in its package, and what it needs. */
interface Contrib {
  /** The module's name where it is another one. */
  readonly module?: string;
  readonly requires?: readonly string[];
}

/**
 * The extensions that PGlite brings, by the name that CREATE EXTENSION takes. One is there only when the instance was
 * started with it. A test holds the list to the package.
 *
 * @see https://pglite.dev/extensions/
 */
const contrib: Readonly<Record<string, Contrib>> = {
  amcheck: {},
  bloom: {},
  btree_gin: {},
  btree_gist: {},
  citext: {},
  cube: {},
  dict_int: {},
  dict_xsyn: {},
  earthdistance: { requires: ["cube"] },
  file_fdw: {},
  fuzzystrmatch: {},
  hstore: {},
  intarray: {},
  isn: {},
  lo: {},
  ltree: {},
  moddatetime: {},
  pageinspect: {},
  pg_buffercache: {},
  pg_freespacemap: {},
  pg_stat_statements: {},
  pg_surgery: {},
  pg_trgm: {},
  pg_visibility: {},
  pg_walinspect: {},
  pgcrypto: {},
  seg: {},
  tablefunc: {},
  tcn: {},
  tsm_system_rows: {},
  tsm_system_time: {},
  unaccent: {},
  "uuid-ossp": { module: "uuid_ossp" },
};

/** The names of the extensions that the embedded Postgres can have. */
export const EMBEDDED_EXTENSIONS: readonly string[] = Object.keys(contrib);

/** The modules of these extensions and of those that they need; names that are not known are left out. */
export function contribModules(extensions: readonly string[]): readonly string[] {
  const wanted = extensions.flatMap((name) => [...(contrib[name]?.requires ?? []), name]);
  return [...new Set(wanted)].flatMap((name) => {
    const found = contrib[name];
    return found === undefined ? [] : [found.module ?? name];
  });
}
