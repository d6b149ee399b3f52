-- revision: a1b2c3d4fullnam3
-- revises: cf36412b4ea9
-- message: full name

-- upgrade

-- downgrade
