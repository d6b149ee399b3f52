export * from "./errors.ts";
export { withAlembicSql, type AlembicSqlOptions, type MigrationsWithSql } from "./with-alembic-sql.ts";
