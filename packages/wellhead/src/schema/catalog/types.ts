/** A composite type's attributes have an order that rows and casts show, unlike the columns of a table. */
const types = `
SELECT 'type', t.nspname, NULL, t.full_name, CASE t.typtype
    WHEN 'e' THEN 'enum (' || (SELECT coalesce(string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder), '')
      FROM pg_catalog.pg_enum WHERE enumtypid = t.oid) || ')'
    WHEN 'd' THEN concat_ws(' ', 'domain', format_type(t.typbasetype, t.typtypmod),
      CASE WHEN t.typcollation <> b.typcollation THEN 'collate ' || t.typcollation::regcollation::text END,
      CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault)
    WHEN 'r' THEN 'range ' || (SELECT concat_ws(', ', 'of ' || format_type(r.rngsubtype, NULL), 'collation ' || nullif(r.rngcollation, 0)::regcollation::text,
        'opclass ' || (SELECT format('%I.%I', n.nspname, o.opcname) FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace WHERE o.oid = r.rngsubopc),
        'canonical ' || nullif(r.rngcanonical, 0)::regprocedure::text, 'subtype_diff ' || nullif(r.rngsubdiff, 0)::regprocedure::text,
        'multirange ' || format_type(r.rngmultitypid, NULL))
      FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)
    WHEN 'c' THEN 'composite (' || (SELECT coalesce(string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attcollation <> y.typcollation THEN 'collate ' || a.attcollation::regcollation::text END), ', ' ORDER BY a.attnum), '')
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) || ')'
    ELSE concat_ws(', ', 'base', 'length ' || t.typlen, 'input ' || t.typinput::regproc::text, 'output ' || t.typoutput::regproc::text,
      'receive ' || nullif(t.typreceive, 0)::regproc::text, 'send ' || nullif(t.typsend, 0)::regproc::text,
      'align ' || t.typalign::text, 'storage ' || t.typstorage::text, 'category ' || t.typcategory::text, 'default ' || t.typdefault,
      CASE WHEN t.typbyval THEN 'by value' END, CASE WHEN t.typispreferred THEN 'preferred' END) END
FROM type t LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE t.typtype IN ('e', 'd', 'r')
  OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  -- An array type comes and goes with the type of its elements.
  OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type y WHERE y.typarray = t.oid))`;

const casts = `
SELECT 'cast', NULL, NULL, format('(%s as %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)), concat_ws(' ',
    CASE c.castmethod WHEN 'f' THEN 'with function ' || c.castfunc::regprocedure::text WHEN 'i' THEN 'with inout' ELSE 'without function' END,
    CASE c.castcontext WHEN 'a' THEN 'as assignment' WHEN 'i' THEN 'as implicit' END)
FROM pg_catalog.pg_cast c
WHERE c.oid >= 16384 AND NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_cast'::regclass AND e.objid = c.oid)`;

/** The version of a collation's library is the machine's matter. Which column holds the locale has changed its name twice. */
const collations = `
SELECT 'collation', n.nspname, NULL, format('%I.%I', n.nspname, c.collname), concat_ws(', ',
    'provider ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' ELSE c.collprovider::text END,
    'locale ' || coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate),
    'ctype ' || nullif(c.collctype, coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate)),
    'rules ' || (to_jsonb(c) ->> 'collicurules'),
    CASE WHEN NOT c.collisdeterministic THEN 'nondeterministic' END)
FROM pg_catalog.pg_collation c JOIN namespace n ON n.oid = c.collnamespace
WHERE NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_collation'::regclass AND e.objid = c.oid)`;

/** Types and what tells how their values are turned into others or sorted. */
export const typeBranches: readonly string[] = [types, casts, collations];
