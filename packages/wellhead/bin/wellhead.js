#!/usr/bin/env node
// Plain JavaScript that every Node can read: on an old one it says which it needs instead of failing on syntax.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`error: wellhead needs Node 22.18 or newer; this is ${process.versions.node}`);
  console.error("hint: install a newer Node, or put the one of your project first on the PATH (npx does so)");
  process.exitCode = 1;
} else {
  void import("../dist/cli/main.js");
}
