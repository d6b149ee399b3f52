import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** How Alembic is called: the program, and what stands before Alembic's own arguments. */
export type AlembicCommand = readonly [program: string, ...args: string[]];

/**
 * The project's own Alembic: of its virtual environment, else the one on the PATH, else a Python there that has it.
 *
 * @param configFile - the alembic.ini or pyproject.toml
 */
export function findAlembic(configFile: string, env: Environment): AlembicCommand | undefined {
  const script = scripts(configFile, env).find((file) => existsSync(file));
  return script === undefined ? pythonWithAlembic(env) : [script];
}

function scripts(configFile: string, env: Environment): string[] {
  const active = env["VIRTUAL_ENV"] ?? "";
  const folders = [
    ...(active === "" ? [] : [join(active, "bin"), join(active, "Scripts")]),
    ...foldersAbove(dirname(configFile)).flatMap((folder) =>
      [".venv", "venv"].flatMap((name) => [join(folder, name, "bin"), join(folder, name, "Scripts")]),
    ),
    ...onPath(env),
  ];
  return folders.flatMap((folder) => [join(folder, "alembic"), join(folder, "alembic.exe")]);
}

/** A workspace can keep its virtual environment at its top. */
function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

function onPath(env: Environment): string[] {
  return (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** Debian's package has no command of that name. */
function pythonWithAlembic(env: Environment): AlembicCommand | undefined {
  const pythons = onPath(env)
    .flatMap((folder) => [join(folder, "python3"), join(folder, "python")])
    .filter((file) => existsSync(file));
  const python = pythons.find(
    (file) =>
      spawnSync(file, ["-c", "import alembic.config"], { env: { ...env }, stdio: "ignore" }).status === 0,
  );
  return python === undefined ? undefined : [python, "-m", "alembic"];
}
