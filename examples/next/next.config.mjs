export default {
  // What is compiled or finds files by its own place: Node loads it from node_modules. Tried with Next.js 16.4.
  serverExternalPackages: [
    "@node-rs/argon2",
    "@node-rs/bcrypt",
    "drizzle-orm",
    "pino",
    "prom-client",
    "wellhead",
  ],
};
