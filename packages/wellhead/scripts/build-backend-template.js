// Part of the build: what `wellhead add backend` copies, as one file: this repository's backend without what is this
// repository's own, and with what stands in its place in a project (backend/template).
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";

const workspace = resolve(import.meta.dirname, "../../..");
const backend = join(workspace, "backend");
const out = resolve(import.meta.dirname, "../dist/templates/backend.json");

/** The revision at which a project's line of revisions begins. Here it takes a Python service's table over. */
const BASE = "usr_20261123_users_table";
/** What the copied tests and types need beside the backend's own dependencies. */
const DEV_DEPENDENCIES = ["@types/node", "typescript", "vitest"];
const OWN_FOLDERS = /^(?:migrations|template|node_modules|dist|\.data)\//;

// Without the workspace around it there is a published package, which has the file.
if (existsSync(backend)) {
  const template = makeTemplate();
  mkdirSync(dirname(out), { recursive: true });
  // At once, for whoever reads it meanwhile.
  writeFileSync(`${out}.${process.pid}`, JSON.stringify(template, undefined, 1));
  renameSync(`${out}.${process.pid}`, out);
  console.log(`${out} built: ${Object.keys(template.files).length} files`);
}

function makeTemplate() {
  const { version } = manifest("packages/wellhead");
  const dependencies = { ...manifest("backend").dependencies, wellhead: version };
  const { devDependencies } = manifest(".");
  const copied = filesIn(backend).filter((path) => !OWN_FOLDERS.test(path) && path !== "package.json");
  const paths = withoutForeignTests(copied, Object.keys(dependencies));
  const files = {
    ...textsOf(backend, [...paths, ...revisionsAfterBase()]),
    ...textsOf(join(backend, "template"), filesIn(join(backend, "template"))),
    ...textsOf(workspace, ["docs/configuration.md"]),
  };
  return {
    version,
    dependencies: lowestVersions(dependencies),
    devDependencies: lowestVersions(
      Object.fromEntries(DEV_DEPENDENCIES.map((name) => [name, devDependencies[name]])),
    ),
    files: Object.fromEntries(Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The revisions that come after the base, which are the same in a project as here. */
function revisionsAfterBase() {
  const heads = filesIn(join(backend, "migrations")).map((name) => {
    const text = readFileSync(join(backend, "migrations", name), "utf8");
    const field = (key) => new RegExp(`^(?:--|//) ${key}:(.*)$`, "m").exec(text)?.[1].split(",") ?? [];
    return { path: `migrations/${name}`, id: field("revision")[0]?.trim(), revises: field("revises") };
  });
  const line = new Set([BASE]);
  for (let size = 0; size !== line.size;) {
    size = line.size;
    for (const { id, revises } of heads) if (revises.some((parent) => line.has(parent.trim()))) line.add(id);
  }
  return heads.filter(({ id }) => id !== BASE && line.has(id)).map(({ path }) => path);
}

/** Leaves out the tests, and what they share, that need more than a project has: this repository's servers, a browser. */
function withoutForeignTests(paths, dependencies) {
  const packages = new Set([...dependencies, "vitest"]);
  const kept = new Set([...paths, "test/support/surroundings.ts"]);
  const isForeign = (path, specifier) => {
    if (specifier.startsWith("node:")) return false;
    if (!specifier.startsWith(".")) return !packages.has(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)[0]);
    return !kept.has(posix.join(posix.dirname(path), specifier));
  };
  for (let size = 0; size !== kept.size;) {
    size = kept.size;
    for (const path of kept) {
      if (!path.startsWith("test/") || path === "test/support/surroundings.ts") continue;
      const text = readFileSync(join(backend, path), "utf8");
      const specifiers = [...text.matchAll(/\b(?:from|import) "([^"]+)"/g)].map(([, specifier]) => specifier);
      if (specifiers.some((specifier) => isForeign(path, specifier))) kept.delete(path);
    }
  }
  return [...kept].filter((path) => existsSync(join(backend, path)));
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(workspace, folder, "package.json"), "utf8"));
}

/** The versions that this repository is tested with at least: `^4.13.19` is 4.13.19. */
function lowestVersions(ranges) {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, range.replace(/^[~^]/, "")]),
  );
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted();
}

function textsOf(folder, paths) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return Object.fromEntries(paths.map((path) => [path, decoder.decode(readFileSync(join(folder, path)))]));
}
