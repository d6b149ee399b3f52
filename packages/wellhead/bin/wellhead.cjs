#!/usr/bin/env node
// Plain JavaScript that every Node can read: on an old one it says which it needs instead of failing on syntax.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`error: wellhead needs Node 22.18 or newer; this is ${process.versions.node}`);
  console.error("hint: install a newer Node, or put the one of your project first on the PATH (npx does so)");
  process.exitCode = 1;
} else {
  // Node keeps what it compiled for the next run, above all a configuration in TypeScript. It does so beside our own
  // code, because whoever can write there can change the code itself; where nobody can, every run compiles anew.
  require("node:module").enableCompileCache(
    require("node:path").join(__dirname, "../node_modules/.cache/node"),
  );
  require("../dist/cli/bundle/main.cjs");
}
