-- revision: idm_20261125_idempotency
-- revises: lim_20261125_rate_limits
-- message: add idempotency keys
-- created: 2026-11-25T04:20:00Z

-- upgrade
DO $$
BEGIN
  IF to_regclass('idempotency_keys') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('idempotency_keys') AND attname = 'request_hash'
  ) THEN
    RAISE EXCEPTION 'The table idempotency_keys is not the one of this service: it lacks request_hash.'
      USING ERRCODE = 'wrong_object_type',
        HINT = 'Give the backend a database or a schema of its own, or rename that table.';
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS idempotency_keys (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  key_hash varchar(64) NOT NULL CONSTRAINT idempotency_keys_key_hash_key UNIQUE,
  user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  request_hash varchar(64) NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS idempotency_keys_user_id_idx ON idempotency_keys (user_id);
CREATE INDEX IF NOT EXISTS idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);

-- downgrade
DROP TABLE IF EXISTS idempotency_keys;
