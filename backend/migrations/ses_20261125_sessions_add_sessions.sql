-- revision: ses_20261125_sessions
-- revises: usr_20261123_users_table
-- message: add sessions
-- created: 2026-11-25T04:00:00Z

-- upgrade
DO $$
BEGIN
  IF to_regclass('sessions') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('sessions') AND attname = 'token_hash'
  ) THEN
    RAISE EXCEPTION 'The table sessions is not the one of this service: it lacks token_hash.'
      USING ERRCODE = 'wrong_object_type',
        HINT = 'Give the backend a database or a schema of its own, or rename that table.';
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS sessions (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_hash varchar(64) NOT NULL CONSTRAINT sessions_token_hash_key UNIQUE,
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  address varchar(45),
  user_agent varchar(256) NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS sessions_user_id_idx ON sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_expires_at_idx ON sessions (expires_at);

-- downgrade
DROP TABLE IF EXISTS sessions;
