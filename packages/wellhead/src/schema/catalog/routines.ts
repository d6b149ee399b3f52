/** A function is known by the types of its arguments; their names and defaults are part of the definition. */
const routines = `
SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END, p.nspname, NULL, p.full_name,
  CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(', ', pg_get_function_arguments(p.oid), 'returns ' || pg_get_function_result(p.oid),
      'sfunc ' || a.aggtransfn::regprocedure::text, 'stype ' || format_type(a.aggtranstype, NULL),
      'finalfunc ' || nullif(a.aggfinalfn, 0)::regprocedure::text, 'combinefunc ' || nullif(a.aggcombinefn, 0)::regprocedure::text,
      'serialfunc ' || nullif(a.aggserialfn, 0)::regprocedure::text, 'deserialfunc ' || nullif(a.aggdeserialfn, 0)::regprocedure::text,
      'msfunc ' || nullif(a.aggmtransfn, 0)::regprocedure::text, 'minvfunc ' || nullif(a.aggminvtransfn, 0)::regprocedure::text,
      'mstype ' || format_type(nullif(a.aggmtranstype, 0), NULL), 'mfinalfunc ' || nullif(a.aggmfinalfn, 0)::regprocedure::text,
      'initcond ' || quote_literal(a.agginitval), 'minitcond ' || quote_literal(a.aggminitval),
      'sortop ' || nullif(a.aggsortop, 0)::regoperator::text, 'kind ' || nullif(a.aggkind, 'n')::text,
      'finalfunc_modify ' || a.aggfinalmodify::text, 'parallel ' || p.proparallel::text)
    FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.oid)
  ELSE pg_get_functiondef(p.oid) END
FROM routine p`;

const operators = `
SELECT 'operator', n.nspname, NULL,
  format('%I.%s(%s, %s)', n.nspname, o.oprname, coalesce(format_type(nullif(o.oprleft, 0), NULL), 'none'), format_type(o.oprright, NULL)),
  concat_ws(', ', 'returns ' || format_type(o.oprresult, NULL), 'function ' || o.oprcode::regprocedure::text,
    'commutator ' || nullif(o.oprcom, 0)::regoperator::text, 'negator ' || nullif(o.oprnegate, 0)::regoperator::text,
    'restrict ' || nullif(o.oprrest, 0)::regproc::text, 'join ' || nullif(o.oprjoin, 0)::regproc::text,
    CASE WHEN o.oprcanmerge THEN 'merges' END, CASE WHEN o.oprcanhash THEN 'hashes' END)
FROM pg_catalog.pg_operator o JOIN namespace n ON n.oid = o.oprnamespace
WHERE NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_operator'::regclass AND e.objid = o.oid)`;

const operatorClasses = `
SELECT 'operator class', n.nspname, NULL, format('%I.%I using %I', n.nspname, o.opcname, a.amname), concat_ws(', ',
    'for ' || format_type(o.opcintype, NULL), 'family ' || format('%I.%I', fn.nspname, f.opfname),
    'storage ' || format_type(nullif(o.opckeytype, 0), NULL), CASE WHEN o.opcdefault THEN 'default' END)
FROM pg_catalog.pg_opclass o JOIN namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
WHERE NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_opclass'::regclass AND e.objid = o.oid)`;

const operatorFamilies = `
SELECT 'operator family', n.nspname, NULL, format('%I.%I using %I', n.nspname, f.opfname, a.amname), concat_ws(', ',
    (SELECT string_agg(format('operator %s %s', m.amopstrategy, m.amopopr::regoperator::text) || CASE m.amoppurpose WHEN 'o' THEN ' for order by' ELSE '' END,
      ', ' ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE "C") FROM pg_catalog.pg_amop m WHERE m.amopfamily = f.oid),
    (SELECT string_agg(format('function %s %s', m.amprocnum, m.amproc::regprocedure::text),
      ', ' ORDER BY m.amprocnum, m.amproc::regprocedure::text COLLATE "C") FROM pg_catalog.pg_amproc m WHERE m.amprocfamily = f.oid))
FROM pg_catalog.pg_opfamily f JOIN namespace n ON n.oid = f.opfnamespace JOIN pg_catalog.pg_am a ON a.oid = f.opfmethod
WHERE NOT EXISTS (SELECT FROM dependent_object e WHERE e.classid = 'pg_catalog.pg_opfamily'::regclass AND e.objid = f.oid)`;

/** Functions, procedures, aggregates, and the operators made of them. */
export const routineBranches: readonly string[] = [routines, operators, operatorClasses, operatorFamilies];
