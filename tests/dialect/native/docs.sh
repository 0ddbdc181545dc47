#!/usr/bin/env bash
# Usage: docs.sh DEMO.JSON
#
# Plays the examples of docs/v1.md: each must still work as printed. Takes the
# operator's command and its settings from TESSERA and TESSERA_CONF.

set -euo pipefail

[ $# = 1 ] || {
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
top=$(cd -- "$(dirname -- "$0")/../../.." && pwd)
exec "$top/tests/run-docs" -t "${TESSERA:-tessera}" "$1" "$TESSERA_CONF" \
	"$top/docs/v1.md"
