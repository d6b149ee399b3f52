import { madeByUser, optionListWithoutSecrets } from "./sql-text.ts";

const schemas = `
SELECT 'schema', nspname, NULL, quote_ident(nspname), '' FROM namespace n
WHERE NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_namespace'::regclass AND e.objid = n.oid)`;

/** Its version is the server's matter: two servers seldom offer the same one. */
const extensions = `
SELECT 'extension', NULL, NULL, quote_ident(e.extname), 'in ' || quote_ident(n.nspname)
FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`;

const eventTriggers = `
SELECT 'event trigger', NULL, NULL, quote_ident(evtname), concat_ws(' ', 'on', evtevent, 'when tag in (' || array_to_string(evttags, ', ') || ')',
    'execute ' || evtfoid::regprocedure::text, CASE evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on a replica' WHEN 'A' THEN 'enabled always' END)
FROM pg_catalog.pg_event_trigger t WHERE ${madeByUser("pg_event_trigger", "t.oid")}`;

/**
 * With the columns and the filter of each table. What is younger than 14 is read by way of JSON, where a column that is
 * not there is null, and of pg_depend: 6237 is the class pg_publication_namespace, which came with 15.
 */
const publications = `
SELECT 'publication', NULL, NULL, quote_ident(p.pubname), concat_ws(', ',
    CASE WHEN p.puballtables THEN 'all tables' END,
    (SELECT string_agg(concat_ws(' ', format('%I.%I', t.schemaname, t.tablename),
        CASE WHEN to_jsonb(r) ->> 'prattrs' IS NOT NULL THEN '(' || (SELECT string_agg(a, ', ' ORDER BY a COLLATE "C") FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') a) || ')' END,
        'where ' || (to_jsonb(t) ->> 'rowfilter')), ', ' ORDER BY t.schemaname COLLATE "C", t.tablename COLLATE "C")
     FROM pg_catalog.pg_publication_rel r
     JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_publication_tables t ON t.pubname = p.pubname AND t.schemaname = n.nspname AND t.tablename = c.relname
     WHERE r.prpubid = p.oid),
    'all tables of ' || (SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname)
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_depend s ON s.classid = d.classid AND s.objid = d.objid
      JOIN pg_catalog.pg_namespace n ON n.oid = s.refobjid AND s.refclassid = 'pg_catalog.pg_namespace'::regclass
      WHERE d.classid = 6237 AND d.refclassid = 'pg_catalog.pg_publication'::regclass AND d.refobjid = p.oid),
    CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
    CASE WHEN p.pubtruncate THEN 'truncate' END, CASE WHEN p.pubviaroot THEN 'by way of the root' END,
    'generated columns ' || nullif(to_jsonb(p) ->> 'pubgencols', 'n'))
FROM pg_catalog.pg_publication p`;

const textSearch = `
SELECT 'text search configuration', n.nspname, NULL, format('%I.%I', n.nspname, c.cfgname), concat_ws(', ',
    'parser ' || (SELECT format('%I.%I', pn.nspname, p.prsname) FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser),
    (SELECT string_agg(mapping, ', ' ORDER BY token) FROM (
      SELECT t.alias AS token, t.alias || ' with ' || string_agg(m.mapdict::regdictionary::text, ' ' ORDER BY m.mapseqno) AS mapping
      FROM pg_catalog.pg_ts_config_map m JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
      WHERE m.mapcfg = c.oid GROUP BY t.alias) mappings))
FROM pg_catalog.pg_ts_config c JOIN namespace n ON n.oid = c.cfgnamespace WHERE ${madeByUser("pg_ts_config", "c.oid")}
UNION ALL
SELECT 'text search dictionary', n.nspname, NULL, format('%I.%I', n.nspname, d.dictname), concat_ws(', ',
    'template ' || (SELECT format('%I.%I', tn.nspname, t.tmplname) FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate),
    d.dictinitoption)
FROM pg_catalog.pg_ts_dict d JOIN namespace n ON n.oid = d.dictnamespace WHERE ${madeByUser("pg_ts_dict", "d.oid")}
UNION ALL
SELECT 'text search parser', n.nspname, NULL, format('%I.%I', n.nspname, p.prsname),
  concat_ws(', ', p.prsstart::regproc::text, p.prstoken::regproc::text, p.prsend::regproc::text, p.prslextype::regproc::text, nullif(p.prsheadline, 0)::regproc::text)
FROM pg_catalog.pg_ts_parser p JOIN namespace n ON n.oid = p.prsnamespace WHERE ${madeByUser("pg_ts_parser", "p.oid")}
UNION ALL
SELECT 'text search template', n.nspname, NULL, format('%I.%I', n.nspname, t.tmplname), concat_ws(', ', nullif(t.tmplinit, 0)::regproc::text, t.tmpllexize::regproc::text)
FROM pg_catalog.pg_ts_template t JOIN namespace n ON n.oid = t.tmplnamespace WHERE ${madeByUser("pg_ts_template", "t.oid")}`;

/** Of a user mapping the options show only to whoever may use them; a secret shows to nobody. */
const foreign = `
SELECT 'foreign data wrapper', NULL, NULL, quote_ident(w.fdwname), concat_ws(', ', 'handler ' || nullif(w.fdwhandler, 0)::regproc::text,
    'validator ' || nullif(w.fdwvalidator, 0)::regproc::text, 'options ' || ${optionListWithoutSecrets("w.fdwoptions")})
FROM pg_catalog.pg_foreign_data_wrapper w WHERE ${madeByUser("pg_foreign_data_wrapper", "w.oid")}
UNION ALL
SELECT 'foreign server', NULL, NULL, quote_ident(s.srvname), concat_ws(', ', 'wrapper ' || quote_ident(w.fdwname), 'type ' || s.srvtype,
    'version ' || s.srvversion, 'options ' || ${optionListWithoutSecrets("s.srvoptions")})
FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE ${madeByUser("pg_foreign_server", "s.oid")}
UNION ALL
SELECT 'user mapping', NULL, NULL, format('for %s on %I', CASE WHEN m.umuser = 0 THEN 'public' ELSE m.umuser::regrole::text END, m.srvname),
  coalesce('options ' || ${optionListWithoutSecrets("m.umoptions")}, '')
FROM pg_catalog.pg_user_mappings m`;

const languages = `
SELECT 'language', NULL, NULL, quote_ident(l.lanname), concat_ws(', ', CASE WHEN l.lanpltrusted THEN 'trusted' END,
    'handler ' || nullif(l.lanplcallfoid, 0)::regproc::text, 'inline ' || nullif(l.laninline, 0)::regproc::text, 'validator ' || nullif(l.lanvalidator, 0)::regproc::text)
FROM pg_catalog.pg_language l WHERE ${madeByUser("pg_language", "l.oid")}
UNION ALL
SELECT 'transform', NULL, NULL, format('for %s language %I', format_type(t.trftype, NULL), l.lanname),
  concat_ws(', ', 'from SQL ' || nullif(t.trffromsql, 0)::regprocedure::text, 'to SQL ' || nullif(t.trftosql, 0)::regprocedure::text)
FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang WHERE ${madeByUser("pg_transform", "t.oid")}
UNION ALL
SELECT 'access method', NULL, NULL, quote_ident(a.amname), concat_ws(', ', CASE a.amtype WHEN 'i' THEN 'index' ELSE 'table' END, 'handler ' || a.amhandler::regproc::text)
FROM pg_catalog.pg_am a WHERE ${madeByUser("pg_am", "a.oid")}
UNION ALL
SELECT 'conversion', n.nspname, NULL, format('%I.%I', n.nspname, c.conname), concat_ws(' ', 'for', pg_encoding_to_char(c.conforencoding), 'to',
    pg_encoding_to_char(c.contoencoding), 'from ' || c.conproc::regproc::text, CASE WHEN c.condefault THEN 'default' END)
FROM pg_catalog.pg_conversion c JOIN namespace n ON n.oid = c.connamespace WHERE ${madeByUser("pg_conversion", "c.oid")}`;

/** The table that a comment or a label hangs on, by whatever part of it. */
const tableOf = (remark: string): string => `LEFT JOIN relation r ON r.oid = CASE
    WHEN ${remark}.classoid = 'pg_catalog.pg_class'::regclass THEN coalesce((SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = ${remark}.objoid), ${remark}.objoid)
    WHEN ${remark}.classoid = 'pg_catalog.pg_constraint'::regclass THEN (SELECT c.conrelid FROM pg_catalog.pg_constraint c WHERE c.oid = ${remark}.objoid)
    WHEN ${remark}.classoid = 'pg_catalog.pg_trigger'::regclass THEN (SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = ${remark}.objoid)
    WHEN ${remark}.classoid = 'pg_catalog.pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_catalog.pg_policy p WHERE p.oid = ${remark}.objoid)
    WHEN ${remark}.classoid = 'pg_catalog.pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_catalog.pg_rewrite w WHERE w.oid = ${remark}.objoid) END`;

/** Initdb's own comment on the schema public (2200) is no comment. Only numbers are looked at before objects are named, which is slow. */
const comments = `
SELECT 'comment', coalesce(r.nspname, o.schema), r.relname, 'on ' || o.type || ' ' || o.identity, d.description
FROM pg_catalog.pg_description d
CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) o
${tableOf("d")}
WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_catalog.pg_namespace'::regclass AND d.objoid = 2200 AND d.description <> 'standard public schema'))
  AND d.classoid <> 'pg_catalog.pg_extension'::regclass
  AND NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = d.classoid AND e.objid = d.objoid)
  AND o.schema IS DISTINCT FROM 'pg_toast'`;

const securityLabels = `
SELECT 'security label', coalesce(r.nspname, o.schema), r.relname, 'on ' || o.type || ' ' || o.identity || ' of ' || s.provider, s.label
FROM pg_catalog.pg_seclabel s
CROSS JOIN LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) o
${tableOf("s")}
WHERE s.objoid >= 16384 AND NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = s.classoid AND e.objid = s.objoid)`;

/** What stands outside of tables, types and functions, and what is said about all of them. */
export const otherBranches: readonly string[] = [
  schemas,
  extensions,
  eventTriggers,
  publications,
  textSearch,
  foreign,
  languages,
  comments,
  securityLabels,
];
