// Part of the build: the command line as CommonJS in few files, because finding, reading and linking some 200 modules
// takes longer than an upgrade with nothing to do. Loaded are only the files that a command needs.
// Called with a folder it writes there instead, such as for the tests, which want what is in the sources now.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "rolldown";

const root = resolve(import.meta.dirname, "..");

// As deep as the modules of a room: they find the files that are shipped with the package by their own place.
const folder = resolve(process.argv[2] ?? join(root, "dist/cli/bundle"));

rmSync(folder, { recursive: true, force: true });
const { output } = await build({
  input: join(root, "src/cli/main.ts"),
  platform: "node",
  // Large, loaded by few commands, and with files of their own beside them; pg-native is nobody's.
  external: ["@electric-sql/pglite", /^@electric-sql\/pglite\//, "libpg-query", "pg-native"],
  output: {
    dir: folder,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    // What is needed together lies together, because every file takes its time to find and to read.
    codeSplitting: {
      groups: [
        { name: "start", test: /src[\\/](?:cli[\\/](?:main|words)|version)\.ts$/, priority: 2 },
        { name: "run", test: /src[\\/]cli[\\/]move-database\.ts$/, priority: 1 },
        { name: "pg", test: /src[\\/]database[\\/]pg-database\.ts$/, priority: 0 },
      ],
    },
  },
});
writeFileSync(join(folder, "LICENSES.txt"), licenses(output.flatMap((file) => file.moduleIds ?? [])));
console.log(`${folder} built`);

/** The licenses of the packages whose code went into the files, as they ask for. */
function licenses(modules) {
  const folders = modules.map((id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0]);
  return [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .toSorted()
    .map((folder) => `${nameOf(folder)}\n\n${licenseOf(folder)}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function nameOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version} (${license})`;
}

function licenseOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined || !existsSync(join(folder, file))
    ? ""
    : readFileSync(join(folder, file), "utf8").trim();
}
