#!/usr/bin/env bash
# Upgrades the database to ALEMBIC_UPGRADE_TARGET (default: heads), then serves on PORT (default: 8000).
# One process does both: an embedded database is opened once, and a signal reaches the server itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The Node that this workspace brings, where it is installed.
PATH="$PWD/node_modules/.bin:$PATH"
target="${ALEMBIC_UPGRADE_TARGET:-heads}"
# Password hashes use as many of libuv's threads as there are cores; files and names need some beside them.
export UV_THREADPOOL_SIZE="${UV_THREADPOOL_SIZE:-$(($(getconf _NPROCESSORS_ONLN) + 4))}"

echo "Upgrade target: $target"
# What young objects may take. By itself V8 lets it grow by 50 to 100 MB in the course of hours, and answers no faster for it.
exec node --max-semi-space-size=8 backend/server.ts --upgrade "$target"
