#!/usr/bin/env bash
# Usage: replay.sh DEMO.JSON
#
# Each call that moves value, twice under one Idempotency-Key: status and body
# must be the same to the byte, and the second must say that it is a repeat.
# Then one redemption many times at once under one key: it is booked once, and
# each asker hears that answer or that it is still running. Says what it saw
# in TAP.
#
# Needs curl and jq.

set -euo pipefail

AT_ONCE=24

[ $# = 1 ] || {
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
demo=$1
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT
base=$(jq -er .https "$demo")/v1
ca=$(jq -er .ca "$demo")
key=$(jq -er '.tenants[0].native.api_key' "$demo")
run=$(date +%s%N)-$$
count=0 failed=0

# post PATH IDEMPOTENCY-KEY BODY: status in status, headers and body in files.
post() {
	status=$(curl -sS --cacert "$ca" -D "$tmp/head" -o "$tmp/body" \
		-w '%{http_code}' -H "Authorization: Bearer $key" \
		-H "Idempotency-Key: $run-$2" -H 'Content-Type: application/json' \
		-d "$3" "$base/$1")
}

# tap RESULT NAME: one line.
tap() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - native/replay.sh: $2"
	else
		echo "not ok $count - native/replay.sh: $2"
		failed=1
	fi
}

replayed() {
	grep -qi '^idempotency-replayed: true' "$tmp/head"
}

# twice NAME STATUS PATH BODY: the call, and the call again.
twice() {
	local ok=0 first
	post "$3" "$1" "$4"
	first=$status
	cp "$tmp/body" "$tmp/first"
	[ "$first" = "$2" ] || ok=1
	! replayed || ok=1
	post "$3" "$1" "$4"
	[ "$status" = "$first" ] || ok=1
	replayed || ok=1
	cmp -s "$tmp/first" "$tmp/body" || ok=1
	tap $ok "$1"
}

id() {
	jq -er .id "$tmp/first"
}

eur() {
	printf '{"amount":%d,"currency":"EUR"}' "$1"
}

twice issue 201 cards "{\"programme\":\"gift\",\"value\":$(eur 10000)}"
card=$(jq -er .code "$tmp/first")
twice batch 201 cards/batch \
	"{\"programme\":\"gift\",\"value\":$(eur 1),\"count\":100}"
twice load 201 "cards/$card/loads" "{\"value\":$(eur 5)}"
twice redeem 201 "cards/$card/redemptions" "{\"value\":$(eur 100)}"
spent=$(id)
twice partial 201 "cards/$card/redemptions" \
	"{\"value\":$(eur 10),\"partial\":true}"
twice tenders 201 redemptions "{\"tenders\":[
	{\"card\":\"$card\",\"value\":$(eur 1)},
	{\"card\":\"$card\",\"value\":$(eur 2)}]}"
twice hold 201 "cards/$card/holds" \
	"{\"value\":$(eur 50),\"expires_in\":3600}"
hold=$(id)
twice capture 201 "holds/$hold/capture" \
	"{\"value\":$(eur 20),\"final\":false}"
twice void 201 "holds/$hold/void" '{}'
twice reverse 201 "transfers/$spent/reversals" '{}'
twice reverse-again 200 "transfers/$spent/reversals" '{}'

# once N: the same redemption; its status in a file of its own.
once() {
	curl -sS --cacert "$ca" -o "$tmp/at-once.$1" -w '%{http_code}\n' \
		-H "Authorization: Bearer $key" \
		-H "Idempotency-Key: $run-at-once" \
		-H 'Content-Type: application/json' \
		-d "{\"value\":$(eur 7)}" "$base/cards/$card/redemptions" \
		>"$tmp/status.$1"
}

balance() {
	curl -sS --cacert "$ca" -H "Authorization: Bearer $key" \
		"$base/cards/$card" | jq -er '.purses[0].balance.amount'
}

before=$(balance)
pids=()
for n in $(seq "$AT_ONCE"); do
	once "$n" &
	pids+=($!)
done
for pid in "${pids[@]}"; do
	wait "$pid"
done
ok=0
[ "$(balance)" = $((before - 7)) ] || ok=1
tap $ok "$AT_ONCE at once: booked once"
ok=0
for n in $(seq "$AT_ONCE"); do
	case $(cat "$tmp/status.$n") in
	201) jq -er .id "$tmp/at-once.$n" ;;
	409) [ "$(jq -er .code "$tmp/at-once.$n")" = request_in_progress ] ||
		ok=1 ;;
	*) ok=1 ;;
	esac
done >"$tmp/ids"
[ "$(sort -u "$tmp/ids" | wc -l)" = 1 ] || ok=1
tap $ok "$AT_ONCE at once: one answer"
echo "1..$count"
exit $failed
