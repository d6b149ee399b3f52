-- revision: cae03aeba4e5
-- revises: 2c131f530702
-- message: full name and address

-- upgrade
DO $$
BEGIN
  IF to_regclass('"user"') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('"user"') AND attname = 'full_name' AND NOT attisdropped
  ) THEN
    ALTER TABLE "user" ADD COLUMN full_name varchar(256) NOT NULL DEFAULT '';
    ALTER TABLE "user" ALTER COLUMN full_name DROP DEFAULT;
  END IF;
  IF to_regclass('event') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('event') AND attname = 'address' AND NOT attisdropped
  ) THEN
    ALTER TABLE event ADD COLUMN address varchar(300) NOT NULL DEFAULT '';
    ALTER TABLE event ALTER COLUMN address DROP DEFAULT;
  END IF;
END
$$;

-- downgrade
-- The columns stay, with what people wrote into them: where 0001_init made the table they are not this revision's.
