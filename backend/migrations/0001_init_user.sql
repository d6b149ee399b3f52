-- revision: 0001_init
-- revises:
-- message: user

-- The service's first revision also created "event" and "participant". They belong to a part of it that is not
-- here, so this one creates "user" only, and only where the users have no table yet.

-- upgrade
DO $$
BEGIN
  IF to_regclass('"user"') IS NULL AND to_regclass('users') IS NULL THEN
    CREATE TABLE "user" (
      id serial PRIMARY KEY,
      email varchar(256) NOT NULL UNIQUE,
      full_name varchar(256) NOT NULL,
      password_hash varchar(256) NOT NULL,
      created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE UNIQUE INDEX ix_user_email ON "user" (email);
  END IF;
END
$$;

-- downgrade
-- Whether this revision created the table or found it is not known any more. A table that holds a user, or that
-- another table refers to, stays; the upgrade takes it as it finds it.
DO $$
BEGIN
  IF to_regclass('"user"') IS NULL THEN
    RETURN;
  END IF;
  LOCK TABLE "user" IN ACCESS EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM "user")
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE confrelid = to_regclass('"user"')) THEN
    DROP TABLE "user";
  END IF;
END
$$;
