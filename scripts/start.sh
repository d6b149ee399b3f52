#!/usr/bin/env bash
# Upgrades the database to ALEMBIC_UPGRADE_TARGET (default: heads), then serves on PORT (default: 8000).
# One process does both: an embedded database is opened once, and a signal reaches the server itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The Node that this workspace brings, where it is installed.
PATH="$PWD/node_modules/.bin:$PATH"
target="${ALEMBIC_UPGRADE_TARGET:-heads}"

echo "Upgrade target: $target"
exec node backend/server.ts --upgrade "$target"
