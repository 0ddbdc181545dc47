#!/usr/bin/env bash
# Usage: unique.sh DEMO.JSON
#
# Ten thousand cards of the demo's first tenant: their codes must differ, and
# be GC and eight of A-Z and 0-9 (contract, 5 and 11.7). A thousand come through
# this API, eight at a time; the rest through POST /v1/cards/batch, which draws
# codes by the same function. Says what it saw in TAP.
#
# Needs curl and jq.

set -euo pipefail

PER_API=1000
BATCH=9000

[ $# = 1 ] || {
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
demo=$1
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT

of_demo() {
	jq -er "$1" "$demo"
}

count=0 failed=0
# check NAME COMMAND...: one line of TAP.
check() {
	local name=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - iwarehouse/unique.sh: $name"
	else
		echo "not ok $count - iwarehouse/unique.sh: $name"
		failed=1
	fi
}

# [1-N] is curl's own: the same address N times but for a parameter that nobody
# reads. Written to curl's input, as arguments are for all to see.
create_many() {
	local url
	url=$(of_demo '"\(.https)/core/sales/cards/gift/gift_api.asp" +
		"?log=\(.tenants[0].iwarehouse.log|@uri)" +
		"&pwd=\(.tenants[0].iwarehouse.pwd|@uri)&qty=1"')
	curl -sS --no-progress-meter --parallel --parallel-max 8 --noproxy '*' --cacert \
		"$(of_demo .ca)" -K - <<-CONFIG
			url = "$url&n=[1-$PER_API]"
			output = "$tmp/#1.json"
		CONFIG
}

create_batch() {
	{
		printf 'header = "Authorization: Bearer %s"\n' \
			"$(of_demo '.tenants[0].native.api_key')"
		printf 'header = "Idempotency-Key: unique-%s"\n' \
			"$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
	} | curl -sS --noproxy '*' --cacert "$(of_demo .ca)" -K - \
		-H 'Content-Type: application/json' \
		-d '{"programme":"gift","count":'$BATCH',"value":{"amount":100,"currency":"EUR"}}' \
		"$(of_demo .https)/v1/cards/batch" | jq -r '.codes[]'
}

lines_are() {
	[ "$(wc -l <"$1")" = "$2" ]
}

all_match() {
	! grep -qvE "$2" "$1"
}

all_differ() {
	[ "$(sort "$1" | uniq -d | wc -l)" = 0 ]
}

# In the order of their keys the codes must not ascend.
not_sequential() {
	! sort -c "$1" 2>/dev/null
}

create_many
find "$tmp" -name '*.json' -exec jq -r '"\(.CardKey) \(.CardCode)"' {} + |
	sort -n | cut -d ' ' -f 2 >"$tmp/codes"
check "$PER_API creates give as many codes" lines_are "$tmp/codes" $PER_API
check "not in sequence" not_sequential "$tmp/codes"
create_batch >>"$tmp/codes"
check "$BATCH more by batch" lines_are "$tmp/codes" $((PER_API + BATCH))
check "GC and eight of A-Z and 0-9" all_match "$tmp/codes" '^GC[0-9A-Z]{8}$'
check "no code twice" all_differ "$tmp/codes"
echo "1..$count"
exit $failed
