// Who may import whom. The picture is in CONTRIBUTING.md: change both in one commit.
const wellhead = "^packages/wellhead/src/";

/** A room may import itself, the floor (the base of every error, the version) and the rooms that are listed. */
function room(name, mayImport, why) {
  const allowed = [name, ...mayImport].map((each) => `${wellhead}${each}/`);
  return {
    name: `${name}-imports`,
    comment: why,
    severity: "error",
    from: { path: `${wellhead}${name}/` },
    to: { path: wellhead, pathNot: [...allowed, `${wellhead}(wellhead-error|version|nearest-name)\\.ts$`] },
  };
}

export default {
  forbidden: [
    room("graph", [], "the graph is pure: it runs in a browser and is tested without a file or a database"),
    room("database-url", [], "one URL in, one target out: no file, no network"),
    room("revisions", ["graph"], "files know what a revision is, and nothing of databases"),
    room(
      "python",
      ["graph", "revisions", "migrate"],
      "what Python revisions run, as the project's own Alembic tells it",
    ),
    room("git", ["graph", "revisions"], "the revisions of other branches, read and never checked out"),
    room("configuration", [], "what the project says of itself"),
    room("database", ["database-url"], "the way to a database knows nothing of migrations"),
    room(
      "migrate",
      ["graph", "revisions", "database", "database-url"],
      "runs plans; the terminal and the web stand above it",
    ),
    room(
      "scratch",
      ["database", "database-url", "revisions"],
      "a throw-away Postgres; of revisions it reads which extensions they need",
    ),
    room(
      "models",
      ["configuration", "database", "revisions", "schema"],
      "the wished-for schema, wherever it is written, as SQL",
    ),
    room(
      "autogenerate",
      ["database", "schema", "scratch"],
      "from one schema to another and back, proved; whose schemas they are is not its matter",
    ),
    room("schema", ["database"], "what a database's schema is, and how two of them differ"),
    room(
      "prove",
      ["graph", "revisions", "database", "database-url", "migrate", "schema", "scratch"],
      "asks questions of scratch databases; who asks them, and how the answer is told, is none of its business",
    ),
    {
      name: "pure-rooms",
      comment: "graph and database-url import nothing, not even node: modules",
      severity: "error",
      from: { path: `${wellhead}(graph|database-url)/` },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer"] },
    },
    {
      name: "front-doors",
      comment: "a room is used through its index.ts, so that its inside can change",
      severity: "error",
      from: { path: `${wellhead}([^/]+)/` },
      to: { path: `${wellhead}([^/]+)/(?!index\\.ts$)`, pathNot: `${wellhead}$1/` },
    },
    {
      name: "nothing-imports-the-cli",
      comment: "the command line puts the rooms together; nothing is below it",
      severity: "error",
      from: { path: `${wellhead}(?!cli/)` },
      to: { path: `${wellhead}cli/` },
    },
    {
      name: "backend-uses-the-public-names",
      comment: "the backend is a user of the package like any other",
      severity: "error",
      from: { path: "^backend/" },
      to: { path: `${wellhead}(?!(index|graph/index|database-url/index)\\.ts$)` },
    },
    {
      name: "backend-features",
      comment:
        "users, debug and health stand beside each other on db, http and limits; app and server put them together",
      severity: "error",
      from: { path: "^backend/(users|debug|health)/" },
      to: { path: "^backend/", pathNot: "^backend/($1|db|http|limits)/" },
    },
    {
      name: "backend-sessions",
      comment: "a session is a user's: sessions stand on users, which know nothing of them",
      severity: "error",
      from: { path: "^backend/sessions/" },
      to: { path: "^backend/", pathNot: "^backend/(sessions|users|db|http|limits)/" },
    },
    {
      name: "backend-front-doors",
      comment: "a feature is used through its index.ts, so that its inside can change",
      severity: "error",
      from: { path: "^backend/([^/]+)/" },
      to: {
        path: "^backend/(users|sessions|limits|http|db)/(?!index\\.ts$)",
        pathNot: "^backend/$1/",
      },
    },
    {
      name: "backend-limits",
      comment: "limits count turns: they know nothing of what is limited",
      severity: "error",
      from: { path: "^backend/limits/" },
      to: { path: "^backend/", pathNot: "^backend/(limits|db|http)/" },
    },
    {
      name: "backend-pages",
      comment:
        "the pages are a client of the API: of the features they know the rules of passwords, and nothing else",
      severity: "error",
      from: { path: "^backend/pages/" },
      to: { path: "^backend/", pathNot: "^backend/(pages|http|users/index\\.ts)" },
    },
    {
      name: "backend-operation",
      comment: "numbers and traces watch the features; no feature knows that it is watched",
      severity: "error",
      from: { path: "^backend/operation/" },
      to: { path: "^backend/", pathNot: "^backend/(operation|http|health|users)/" },
    },
    {
      name: "backend-db",
      comment: "db is the base the tables share: it knows none of them",
      severity: "error",
      from: { path: "^backend/db/" },
      to: { path: "^backend/(?!db/)" },
    },
    {
      name: "no-cycles",
      comment: "types included: what needs each other belongs together",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolved",
      comment: "an import that leads nowhere",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(test|dist|node_modules)/" },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ["wellhead-source", "node", "import", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
