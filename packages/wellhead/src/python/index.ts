export * from "./errors.ts";
export { withAlembicSql, type AlembicSqlOptions } from "./with-alembic-sql.ts";
