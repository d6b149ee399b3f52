import type { CommandDefinition, OptionDefinition } from "./command.ts";
import { lockFlags, logFormatFlag, transactionFlag } from "./run-flags.ts";

const verbose: OptionDefinition = {
  flags: "-v, --verbose",
  summary: "the long form: parents, labels, file, message",
};
const message: OptionDefinition = {
  flags: "-m, --message <text>",
  summary: "what the revision does, in a line",
};
const revisionId: OptionDefinition = {
  flags: "--rev-id <id>",
  summary: "the id to give it, instead of a random one",
};
const branchLabel: OptionDefinition = {
  flags: "--branch-label <label>",
  summary: "a name for the line that begins here",
  repeatable: true,
};

const gitRefs: OptionDefinition = {
  flags: "--git <ref...>",
  summary: "other branches to take in, as a merge queue would; nothing is checked out",
  repeatable: true,
};
const patchFile: OptionDefinition = {
  flags: "--patch [file]",
  summary: "with --git: print, or write into a file, what the branches that give way have to change",
};
const scratchUrl: OptionDefinition = {
  flags: "--scratch-url <url>",
  summary: "prove on this server, in a database of its own that is dropped afterwards",
};

/** How a revision that joins heads is proved. */
const joining: readonly OptionDefinition[] = [
  {
    flags: "--accept <difference>",
    summary: "ids: join heads of which only ids that were drawn from a sequence differ by the order",
  },
  { flags: "--unproved", summary: "join heads without a proof that they commute, and say so in the file" },
  scratchUrl,
];

/** All commands, in the order in which help lists them. */
export const commands: readonly CommandDefinition[] = [
  {
    name: "init",
    summary: "write a configuration and a migrations folder",
    arguments: [{ name: "[folder]", summary: "the migrations folder to make (default: migrations)" }],
    examples: ["wellhead init", "wellhead init backend/migrations"],
    load: () => import("./commands/init.ts"),
  },
  {
    name: "revision",
    summary: "write a new revision file",
    options: [
      message,
      {
        flags: "--head <target>",
        summary: "what it revises: a head, label@head, heads, base (default: head)",
      },
      { flags: "--splice", summary: "allow a revision that is not a head: a new branch begins there" },
      branchLabel,
      {
        flags: "--depends-on <target>",
        summary: "a revision that must be applied first, on another line",
        repeatable: true,
      },
      revisionId,
      { flags: "--ts", summary: "write TypeScript instead of SQL" },
      ...joining,
      { flags: "--autogenerate", summary: "write what leads from the revisions to the models, proved" },
      {
        flags: "--rename <old=new>",
        summary:
          "with --autogenerate: table.old=table.new, old_table=new_table or enum.old=enum.new is the same under a new name",
        repeatable: true,
      },
      { flags: "--allow-data-loss", summary: "with --autogenerate: what the models do not have is dropped" },
    ],
    examples: [
      'wellhead revision -m "add nickname"',
      'wellhead revision --autogenerate -m "add nickname" --rename users.nick=users.nickname',
      'wellhead revision -m "billing" --head base --branch-label billing',
      'wellhead revision -m "fill totals" --head billing@head --ts',
    ],
    load: () => import("./commands/revision.ts"),
  },
  {
    name: "merge",
    summary: "write a revision that joins heads",
    description:
      "Without revisions it joins all heads. That they commute is proved first, and written into the new revision; heads that do not are refused, with the order that works.",
    arguments: [{ name: "[revisions...]", summary: "the heads to join (default: heads)" }],
    options: [
      message,
      revisionId,
      branchLabel,
      { flags: "--splice", summary: "allow revisions that are not heads" },
      ...joining,
    ],
    examples: ["wellhead merge", 'wellhead merge -m "merge heads" a1b2c3d4fullnam3 e3bffa2a4321'],
    load: () => import("./commands/merge.ts"),
  },
  {
    name: "rebase",
    summary: "put revisions that no database has onto another parent",
    description:
      "The part of the revision's line that the target has not got moves whole, with all that builds on it; only head lines of files change. The new order is proved first: all runs from base in a throw-away Postgres. Every database that is known is asked (`--url`, which can be given several times, and the usual one): what one of them has is not moved.",
    arguments: [{ name: "<revisions...>", summary: "the lines to move, each by a revision on it" }],
    takesSeveralUrls: true,
    options: [
      { flags: "--onto <target>", summary: "what they are to revise: a head, label@head, base" },
      { flags: "--plan", summary: "say what would change, and write nothing" },
      { flags: "--unproved", summary: "move them without a proof that the new order runs" },
      scratchUrl,
    ],
    examples: [
      "wellhead rebase 91bc04d2 --onto 3f2a91bc",
      'wellhead rebase billing@head --onto users@head --url "$STAGING_URL" --url "$PRODUCTION_URL"',
    ],
    load: () => import("./commands/rebase.ts"),
  },
  {
    name: "upgrade",
    summary: "run revisions forward to a target",
    description:
      "All that is pending runs in one transaction, under a lock: of many processes one runs, the others wait and find nothing to do.",
    arguments: [
      { name: "[target]", summary: "heads (default), head, an id or its unique prefix, label@head, +1" },
    ],
    options: [
      { flags: "--plan", summary: "say what would run against this database, and run nothing" },
      { flags: "--sql", summary: "print the SQL instead of running it; the target may be a range A:B" },
      transactionFlag,
      ...lockFlags,
      logFormatFlag,
    ],
    examples: [
      "wellhead upgrade",
      "wellhead upgrade head",
      "wellhead upgrade +1 --plan",
      "wellhead upgrade --sql > upgrade.sql",
      "wellhead upgrade --transaction each --lock-timeout 500ms",
      "wellhead upgrade --log-format json",
    ],
    load: () => import("./commands/upgrade.ts"),
  },
  {
    name: "downgrade",
    summary: "run revisions backward to a target",
    arguments: [{ name: "<target>", summary: "an id, -1, base, label@base; with --sql a range A:B" }],
    options: [
      { flags: "--plan", summary: "say what would run against this database, and run nothing" },
      { flags: "--sql", summary: "print the SQL of the range A:B instead of running it" },
      transactionFlag,
      ...lockFlags,
      logFormatFlag,
    ],
    examples: [
      "wellhead downgrade -1",
      "wellhead downgrade base --plan",
      "wellhead downgrade ae10:27c6 --sql",
    ],
    load: () => import("./commands/downgrade.ts"),
  },
  {
    name: "stamp",
    summary: "set the versions of the database and run nothing",
    arguments: [{ name: "<targets...>", summary: "heads, head, base, ids" }],
    options: [
      { flags: "--purge", summary: "delete all version rows first, without a look at them" },
      { flags: "--sql", summary: "print the SQL instead of running it" },
      ...lockFlags,
      logFormatFlag,
    ],
    examples: ["wellhead stamp heads", "wellhead stamp --purge 0001_init"],
    load: () => import("./commands/stamp.ts"),
  },
  {
    name: "current",
    summary: "show where the database stands",
    options: [
      verbose,
      { flags: "-c, --check-heads", summary: "exit with 1 unless the database stands at all heads" },
      {
        flags: "--resolve-dependencies",
        summary: "with --check-heads: heads that another revision depends on need no row of their own",
      },
      {
        flags: "--wait <seconds>",
        summary: "with --check-heads: wait until it is so, for as long, and only then exit with 1",
      },
    ],
    examples: [
      "wellhead current",
      "wellhead current --check-heads",
      "wellhead current --check-heads --wait 60",
    ],
    load: () => import("./commands/current.ts"),
  },
  {
    name: "status",
    summary: "show files and database side by side",
    description:
      "Heads, versions, what is pending, what was applied and has no file, what was edited since, INVALID indexes, unfinished transaction: none revisions. It changes nothing and exits with 0 whatever it finds; `check` is for CI.",
    examples: ["wellhead status", "wellhead status --json"],
    load: () => import("./commands/status.ts"),
  },
  {
    name: "check",
    summary: "check everything that a pull request must hold",
    description:
      "graph: the revisions load, fit the version table, and have one head where that is required. commute: it does not matter in which order several heads run. edited: no applied revision was edited, where there is a database to ask. round trip: the newest revisions run forward, back and forward again, and the schema is the one before. models: the revisions produce what the models declare, where the configuration names models. drift: a live database is what its versions produce. Exits with 1 when something does not hold.",
    options: [
      {
        flags: "--format <format>",
        summary: "text (default), json, markdown (for a comment) or github (annotations)",
      },
      gitRefs,
      patchFile,
      { flags: "--only <section>", summary: "look at this section only", repeatable: true },
      { flags: "--skip <section>", summary: "leave this section out", repeatable: true },
      {
        flags: "--max-lock <mode>",
        summary: "refuse a stronger lock on what is there already, as in `share update exclusive`",
      },
      {
        flags: "--since <target>",
        summary:
          "what this revision has counts as applied, for rows and locks; default: what the database has",
      },
      scratchUrl,
    ],
    examples: [
      "wellhead check",
      "wellhead check --json",
      "wellhead check --url postgres://localhost/app",
      "wellhead check --format github",
      "wellhead check --git origin/feature-a origin/feature-b",
    ],
    load: () => import("./commands/check.ts"),
  },
  {
    name: "explain",
    summary: "say what each pending statement locks, rewrites, reads and loses",
    description:
      "It runs the pending revisions in a scratch database on tables with rows and looks at each statement; nothing is changed anywhere else. Without a database everything from base counts as pending.",
    arguments: [{ name: "[target]", summary: "up to where: heads (default), head, an id, label@head, +1" }],
    options: [scratchUrl],
    examples: ["wellhead explain", "wellhead explain +1 --json", 'wellhead explain --url "$DATABASE_URL"'],
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "prove",
    summary: "prove that heads commute and that downgrades restore, or show where they do not",
    description:
      "Every two heads run in both orders over what they have in common, in a throw-away Postgres in memory with rows in its tables, and what they leave is compared: schema and rows. The verdict is commute, conflict (an order fails: which statement, with Postgres' code) or order-dependent (the difference, object by object). Then each revision runs forward, back and forward again: the schema must be the one before. No database is needed. Exits with 1 when anything is not proved.",
    arguments: [
      {
        name: "[revisions...]",
        summary: "the revisions to prove (default: all heads, and every round trip)",
      },
    ],
    options: [
      gitRefs,
      patchFile,
      scratchUrl,
      {
        flags: "--exact",
        summary:
          "look at every order of three heads and more (default: where revisions look at rows, and up to six)",
      },
    ],
    examples: [
      "wellhead prove",
      "wellhead prove a1b2c3d4fullnam3 e3bffa2a4321",
      "wellhead prove --json",
      'wellhead prove --scratch-url "$TEST_DATABASE_URL"',
    ],
    load: () => import("./commands/prove.ts"),
  },
  {
    name: "diff",
    summary: "say how two schemas differ",
    description:
      "Each is `database` (the configured one), a URL, `models`, a file or folder of SQL, or a target among the revisions, such as heads. What is no database is made in a scratch database. Exits with 0 when both are the same, with 1 when they are not.",
    arguments: [
      { name: "<a>", summary: "the one schema" },
      { name: "<b>", summary: "the other" },
    ],
    options: [
      { flags: "--sql", summary: "print the statements that lead from the first to the second" },
      scratchUrl,
    ],
    examples: [
      "wellhead diff heads database",
      "wellhead diff heads models --sql",
      "wellhead diff 3f2a91bc heads --json",
      'wellhead diff "$STAGING_URL" "$PRODUCTION_URL"',
      "wellhead diff database schema.sql",
    ],
    load: () => import("./commands/diff.ts"),
  },
  {
    name: "baseline",
    summary: "write a first revision from a live database, and stamp it",
    description:
      "For a database that has tables and no history. The revision produces its schema, which is proved by building it in a scratch database; the database itself is only stamped. Where something cannot be rebuilt, the file says what is left to do and nothing is stamped.",
    options: [
      message,
      revisionId,
      branchLabel,
      { flags: "--no-stamp", summary: "write the revision only" },
      scratchUrl,
    ],
    examples: ["wellhead baseline", 'wellhead baseline -m "what production has" --url "$DATABASE_URL"'],
    load: () => import("./commands/baseline.ts"),
  },
  {
    name: "doctor",
    summary: "examine the connection layer by layer, and whether a write can land",
    description:
      "One attempt at everything, each with its time and, where it fails, the way out: the URL and its rules, DNS, TCP, TLS, login, server, pooler, primary or standby, read-only settings, what an acknowledged write is worth, rights, versions, a write that is rolled back, the clocks, the round trip. It examines the app's way; `--url` examines another. Exits with 1 when a write could not land.",
    examples: ["wellhead doctor", "wellhead doctor --json", 'wellhead doctor --url "$DIRECT_URL"'],
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "ledger",
    summary: "list what ran when, or accept an edited revision",
    description:
      "`ledger` lists every step oldest first: when, direction, revision, how long, whether its text is still the one that ran, who, and with which version. `ledger accept` takes the new text of an edited revision for the applied one: it records its checksum and runs nothing.",
    arguments: [
      { name: "[action]", summary: "accept" },
      { name: "[revisions...]", summary: "the edited revisions to accept" },
    ],
    examples: ["wellhead ledger", "wellhead ledger --json", "wellhead ledger accept 3f2a91bc"],
    load: () => import("./commands/ledger.ts"),
  },
  {
    name: "bundle",
    summary: "write one module with all revisions, for bundled apps",
    description:
      "The module's default export is what `upgrade({ migrations })` takes in place of a folder, with the same checksums. SQL is embedded; `.ts` revisions are imported, for the bundler to follow.",
    options: [
      {
        flags: "--out <file>",
        summary: "the module to write, .mjs, .js or .ts (default: migrations.bundle.mjs)",
      },
    ],
    examples: ["wellhead bundle", "wellhead bundle --out src/migrations.ts"],
    load: () => import("./commands/bundle.ts"),
  },
  {
    name: "add",
    summary: "copy a module into this project, or see what changed in it since",
    description:
      "`add backend` copies registration and sign-in with their revisions, on a line of their own with the label users, and their tests into the folder that --dir names (default: backend). The code is yours from then on. Run again after an update it tells what changed upstream, what was edited here, and both. On a terminal it asks before it changes a file that is there; elsewhere it refuses, unless one of the flags agrees. Nothing is installed: the command for that is printed.",
    arguments: [{ name: "<module>", summary: "backend" }],
    options: [
      { flags: "--dry-run", summary: "say what would change, with the differences, and change nothing" },
      { flags: "-y, --yes", summary: "take what changed upstream; what was edited here stays as it is" },
      { flags: "--force", summary: "overwrite what was edited here too" },
    ],
    examples: [
      "wellhead add backend",
      "wellhead add backend --dir src/accounts",
      "wellhead add backend --dry-run",
    ],
    load: () => import("./commands/add.ts"),
  },
  {
    name: "heads",
    summary: "show the revisions that nothing revises",
    options: [
      verbose,
      { flags: "--resolve-dependencies", summary: "leave out heads that another revision depends on" },
    ],
    examples: ["wellhead heads", "wellhead heads --verbose"],
    load: () => import("./commands/heads.ts"),
  },
  {
    name: "branches",
    summary: "show the revisions that several revise",
    options: [verbose],
    examples: ["wellhead branches", "wellhead branches -v"],
    load: () => import("./commands/branches.ts"),
  },
  {
    name: "history",
    summary: "list the revisions, newest first",
    options: [
      verbose,
      {
        flags: "-r, --rev-range <range>",
        summary: "only A:B, A: or :B, both ends included; current is where the database stands",
      },
      { flags: "-i, --indicate-current", summary: "mark where the database stands" },
    ],
    examples: ["wellhead history", "wellhead history -r base:current", "wellhead history -r-3: --verbose"],
    load: () => import("./commands/history.ts"),
  },
  {
    name: "show",
    summary: "show revisions in the long form",
    arguments: [{ name: "<target>", summary: "an id or its unique prefix, head, heads, current" }],
    examples: ["wellhead show head", "wellhead show ae10"],
    load: () => import("./commands/show.ts"),
  },
  {
    name: "graph",
    summary: "draw the revisions",
    options: [
      { flags: "--format <format>", summary: "text (default), mermaid, dot or json" },
      { flags: "-i, --indicate-current", summary: "mark where the database stands" },
    ],
    examples: ["wellhead graph", "wellhead graph --format mermaid"],
    load: () => import("./commands/graph.ts"),
  },
];

/** What every command takes. */
export const globalOptions: readonly OptionDefinition[] = [
  { flags: "--config <file>", summary: "the configuration file (default: the nearest wellhead.config.ts)" },
  {
    flags: "--dir <folder>",
    summary: "the migrations folder, whatever the configuration says (of add: where the module goes)",
  },
  { flags: "--url <url>", summary: "the database, whatever DATABASE_URL says", repeatable: true },
  { flags: "--json", summary: "print one JSON document and nothing else" },
  { flags: "-q, --quiet", summary: "print the answer only" },
  { flags: "--no-color", summary: "no colours (they show on a terminal only)" },
  { flags: "--debug", summary: "show the stack of an error" },
];
