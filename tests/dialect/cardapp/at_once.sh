#!/usr/bin/env bash
# Usage: at_once.sh DEMO.JSON
#
# The same call many times at once: points are spent once, sales all count, a
# phone gets one card, an Idempotency-Key books once, guesses of a key end
# after three. A company of its own is made for it. Takes the operator's command
# and its settings from TESSERA and TESSERA_CONF. Says what it saw in TAP.
#
# Needs curl and jq.

set -euo pipefail

[ $# = 1 ] || {
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
demo=$1
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT
run=$(date +%s%N)-$$
shop="case-at-once-$run"
url=$(jq -er .https "$demo")/api/response.php
count=0 failed=0

tessera() {
	"${TESSERA:-tessera}" -c "$TESSERA_CONF" --json "$@" >"$tmp/tessera"
}

tessera tenant add "$shop" --time-zone Europe/Bucharest --currency RON
tessera programme add --tenant "$shop" default --name DEFAULT \
	--kind cashback --unit points --prefix DEMO_ \
	--alphabet 0123456789ABCDEF --code-length 13
tessera programme set --tenant "$shop" default earn_rate_bp=500
tessera credential add --tenant "$shop" --api cardapp \
	--login "$run@example.ro" --programme default

# In a file, as arguments are for all to see.
cat >"$tmp/curl" <<CONFIG
cacert = "$(jq -er .ca "$demo")"
noproxy = "*"
http1.1
silent
show-error
CONFIG
jq -er '"data-urlencode = \"username=\(.login)\"",
	"data-urlencode = \"apikey=\(.secret)\""' "$tmp/tessera" >"$tmp/right"
jq -er '"data-urlencode = \"username=\(.login)\"",
	"data-urlencode = \"apikey=no\(.secret)\""' "$tmp/tessera" >"$tmp/wrong"

# ask NAME=VALUE...: one call.
ask() {
	local options
	mapfile -t options < <(params "$@")
	curl -K "$tmp/curl" "${options[@]}" "$url"
}

# calls FOLDER N OPTION...: the same call N times at once, each on a connection
# of its own; each answer a file in the folder.
calls() {
	local i folder=$1 n=$2
	shift 2
	mkdir "$folder"
	for ((i = 0; i < n; i++)); do
		printf 'url = "%s"\noutput = "%s"\n' "$url" "$folder/$i"
	done | curl -K "$tmp/curl" --no-progress-meter --parallel \
		--parallel-immediate --parallel-max "$n" "$@" -K -
}

# at_once N OPTION...: calls, with the answers as one list in $tmp/answers.
at_once() {
	rm -rf -- "$tmp/out"
	calls "$tmp/out" "$@"
	jq -s . "$tmp"/out/* >"$tmp/answers"
}

# params NAME=VALUE...: the options of such a call, one a line.
params() {
	local p
	printf '%s\n' -K "$tmp/right"
	for p; do
		printf '%s\n' --data-urlencode "$p"
	done
}

# is NAME FILTER...: one line of TAP; all filters must be true of the answers.
is() {
	local name=$1 filter
	shift
	count=$((count + 1))
	for filter; do
		if ! jq -e "$filter" "$tmp/answers" >/dev/null; then
			echo "not ok $count - cardapp/at_once.sh: $name"
			echo "#   not true: $filter"
			jq -c '.[]' "$tmp/answers" | sort | uniq -c | sed 's/^/#   /'
			failed=1
			return
		fi
	done
	echo "ok $count - cardapp/at_once.sh: $name"
}

new_card() {
	ask action=creare telefon=0 | jq -er .nr_card
}

points() {
	ask action=interogare_puncte "nr_card=$1" | jq -er .puncte
}

sell() {
	ask action=adaugare_puncte "nr_card=$1" "suma=$2" detalii_incasare=x \
		>/dev/null
}

card=$(new_card)
sell "$card" 740
mapfile -t spend < <(params action=cheltuire_puncte "nr_card=$card" \
	nr_puncte=37 valoare_reducere=37 suma=500 detalii_incasare=x)
at_once 20 "${spend[@]}"
is "twenty spend all points: one does" \
	'map(select(.status == "success")) | length == 1' \
	'map(select(.code == "insufficient_points")) | length == 19' \
	"$(points "$card") == 0"

card=$(new_card)
mapfile -t add < <(params action=adaugare_puncte "nr_card=$card" suma=100 \
	detalii_incasare=x)
at_once 50 "${add[@]}"
is "fifty sales: all count, each answer has another total" \
	'map(.puncte_adaugate) == [range(50) | 5]' \
	'map(.valoare_totala_puncte_lei) | sort == [range(5; 251; 5)]' \
	"$(points "$card") == 250"

before=$(points "$card")
mapfile -t cancel < <(params action=adaugare_puncte "nr_card=$card" \
	suma=-740 detalii_incasare=x)
mapfile -t spend < <(params action=cheltuire_puncte "nr_card=$card" \
	nr_puncte=20 valoare_reducere=20 suma=1 detalii_incasare=x)
calls "$tmp/add" 15 "${add[@]}" &
calls "$tmp/cancel" 15 "${cancel[@]}" &
calls "$tmp/spend" 15 "${spend[@]}" &
wait
jq -s . "$tmp"/{add,cancel,spend}/* >"$tmp/answers"
is "sales, cancellations and spends race: the points are what was answered" \
	'map(select(.status == "success" and has("puncte_adaugate"))) | length == 30' \
	'map(select(.status == "error") | .code) | unique - ["insufficient_points"] == []' \
	"$before + (map(.puncte_adaugate // -(.puncte_utilizate // 0)) | add) == $(points "$card")"

card=$(new_card)
sell "$card" 2000
ask action=cheltuire_puncte "nr_card=$card" nr_puncte=50 valoare_reducere=50 \
	suma=500 detalii_incasare=x >/dev/null
mapfile -t refund < <(params action=refund_points "nr_card=$card" \
	points_amount=10 refund_amount=-100 details_refund=x)
at_once 20 "${refund[@]}"
is "twenty return a fifth of what was spent: five do" \
	'map(select(.status == "success")) | length == 5' \
	'map(select(.code == "refund_exceeds")) | length == 15' \
	"$(points "$card") == 100"

mapfile -t create < <(params action=creare "telefon=07${run:9:8}" \
	send_card=SMS)
at_once 10 "${create[@]}"
is "ten cards for one phone: one is made, nine hear its number" \
	'map(select(.status == "success")) | length == 1' \
	'map(select(.code == "phone_exists")) | length == 9' \
	'map(.nr_card) | unique | length == 1'
tessera message list --tenant "$shop"
cp "$tmp/tessera" "$tmp/answers"
is "and one message waits" 'length == 1'

card=$(new_card)
sell "$card" 2000
mapfile -t spend < <(params action=cheltuire_puncte "nr_card=$card" \
	nr_puncte=37 valoare_reducere=37 suma=500 detalii_incasare=x)
at_once 20 -H "Idempotency-Key: $run" "${spend[@]}"
is "twenty spends under one key: booked once, one answer" \
	'map(select(.status == "success")) | unique | length == 1' \
	'map(select(.status != "success") | .code) | unique - ["request_in_progress"] == []' \
	"$(points "$card") == 63"
at_once 1 -H "Idempotency-Key: $run" "${spend[@]}"
is "and again later" '.[0].valoare_totala_puncte_lei == 63' \
	"$(points "$card") == 63"

tessera tenant set "$shop" cardapp_duplicate_window_s=60
at_once 20 "${spend[@]}"
is "twenty alike within the window: the first answer for all" \
	'map(.valoare_totala_puncte_lei) == [range(20) | 63]' \
	"$(points "$card") == 63"
card=$(new_card)
mapfile -t add < <(params action=adaugare_puncte "nr_card=$card" suma=740 \
	detalii_incasare=y)
at_once 20 "${add[@]}"
is "also when there was none before" \
	'map(.valoare_totala_puncte_lei) == [range(20) | 37]' \
	"$(points "$card") == 37"

# Guesses at once get no more answers than one after the other.
at_once 20 -K "$tmp/wrong" --data-urlencode action=stores
is "twenty wrong keys: three are told so, the rest is blocked" \
	'map(select(.code == "auth_failed")) | length == 3' \
	'map(select(.code == "blocked")) | length == 17'
at_once 8 "${add[@]}"
is "and so is the right one" 'map(.code) == [range(8) | "blocked"]'
tessera credential unlock --tenant "$shop" "$run@example.ro"
at_once 8 "${add[@]}"
is "until an operator lifts it" 'map(.status) == [range(8) | "success"]'

echo "1..$count"
exit $failed
