-- revision: cf36412b4ea9
-- revises: cae03aeba4e5
-- message: attendees and lock

-- upgrade
DO $$
BEGIN
  IF to_regclass('event') IS NULL THEN
    RETURN;
  END IF;
  IF NOT EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('event') AND attname = 'required_attendees' AND NOT attisdropped
  ) THEN
    ALTER TABLE event ADD COLUMN required_attendees integer NOT NULL DEFAULT 1;
    ALTER TABLE event ALTER COLUMN required_attendees DROP DEFAULT;
  END IF;
  IF NOT EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('event') AND attname = 'is_locked_for_edit' AND NOT attisdropped
  ) THEN
    ALTER TABLE event ADD COLUMN is_locked_for_edit boolean NOT NULL DEFAULT false;
    ALTER TABLE event ALTER COLUMN is_locked_for_edit DROP DEFAULT;
  END IF;
END
$$;

-- downgrade
-- The columns stay, with what people wrote into them: where 0001_init made the table they are not this revision's.
