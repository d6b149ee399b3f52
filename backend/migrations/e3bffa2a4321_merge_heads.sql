-- revision: e3bffa2a4321
-- revises: 0001_init, 4f6d2a1b7ac9
-- message: merge heads

-- upgrade

-- downgrade
