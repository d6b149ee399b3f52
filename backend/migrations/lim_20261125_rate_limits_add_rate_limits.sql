-- revision: lim_20261125_rate_limits
-- revises: ses_20261125_sessions
-- message: add rate limits
-- created: 2026-11-25T04:10:00Z

-- Not logged: counting costs no write to the log, and what a crash takes is at most an hour of counts.

-- upgrade
DO $$
BEGIN
  IF to_regclass('rate_limits') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('rate_limits') AND attname = 'free_at'
  ) THEN
    RAISE EXCEPTION 'The table rate_limits is not the one of this service: it lacks free_at.'
      USING ERRCODE = 'wrong_object_type',
        HINT = 'Give the backend a database or a schema of its own, or rename that table.';
  END IF;
END
$$;

CREATE UNLOGGED TABLE IF NOT EXISTS rate_limits (
  key varchar(64) PRIMARY KEY,
  free_at timestamptz NOT NULL
);

-- downgrade
DROP TABLE IF EXISTS rate_limits;
