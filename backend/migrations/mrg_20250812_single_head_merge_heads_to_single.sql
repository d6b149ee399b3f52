-- revision: mrg_20250812_single_head
-- revises: a1b2c3d4fullnam3, e3bffa2a4321
-- message: merge heads to single
-- created: 2025-08-12T11:02:02Z

-- upgrade

-- downgrade
