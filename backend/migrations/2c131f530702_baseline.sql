-- revision: 2c131f530702
-- revises:
-- message: baseline

-- upgrade

-- downgrade
