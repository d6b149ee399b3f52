-- revision: usr_20261123_users_table
-- revises:
-- message: users
-- created: 2026-11-23T04:00:00Z
-- labels: users

-- upgrade
DO $$
BEGIN
  IF to_regclass('users') IS NOT NULL THEN
    RAISE EXCEPTION 'There is a table users already, and it is not this backend''s.'
      USING ERRCODE = 'duplicate_table',
        HINT = 'Give the backend a database or a schema of its own, or rename that table.';
  END IF;
END
$$;

CREATE TABLE users (
  id serial PRIMARY KEY,
  email varchar(256) NOT NULL,
  full_name varchar(256) NOT NULL DEFAULT '',
  hashed_password varchar(256) NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  email_normalized varchar(1024) NOT NULL CONSTRAINT users_email_normalized_key UNIQUE
);

-- downgrade
DROP TABLE users;
