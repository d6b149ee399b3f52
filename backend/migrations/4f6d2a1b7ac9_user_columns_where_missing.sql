-- revision: 4f6d2a1b7ac9
-- revises: cf36412b4ea9
-- message: user columns where missing

-- upgrade
DO $$
BEGIN
  IF to_regclass('"user"') IS NULL THEN
    RETURN;
  END IF;
  IF NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('"user"') AND attname = 'full_name' AND NOT attisdropped
  ) THEN
    ALTER TABLE "user" ADD COLUMN full_name varchar(256);
    UPDATE "user" SET full_name = left(coalesce(email, ''), 256);
    ALTER TABLE "user" ALTER COLUMN full_name SET NOT NULL;
  END IF;
  ALTER TABLE "user" ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now();
END
$$;

-- downgrade
-- The columns stay, with what people wrote into them: they may be older than this revision.
