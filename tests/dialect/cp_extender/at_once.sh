#!/usr/bin/env bash
# Usage: at_once.sh DEMO.JSON
#
# The same and other calls many times at once: what is authorised together is
# never more than there is, a hold is confirmed or cancelled but not both, an
# Authorize that is sent again sets nothing aside twice, a number becomes one
# card. A company of its own is made for it. Takes the operator's command and
# its settings from TESSERA and TESSERA_CONF. Says what it saw in TAP.
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
shop="case-cp-at-once-$run"
url=$(jq -er .https "$demo")
ca=$(jq -er .ca "$demo")
count=0 failed=0

tessera() {
	"${TESSERA:-tessera}" -c "$TESSERA_CONF" --json "$@" >"$tmp/tessera"
}

# secret_of API ARGUMENT...: of a new credential.
secret_of() {
	tessera credential add --tenant "$shop" --api "$@"
	jq -er .secret "$tmp/tessera"
}

tessera tenant add "$shop" --time-zone Europe/Berlin --currency EUR
tessera programme add --tenant "$shop" club --name Club --kind reward \
	--unit points --prefix L --alphabet 0123456789 --code-length 12 \
	redeem_points=100 redeem_value=100
tessera programme add --tenant "$shop" GC --name "Gift card" --kind gift \
	--unit EUR --prefix 42- --alphabet 0123456789 --code-length 17 \
	no_leading_zero=true
token=$(secret_of cp_extender --programme GC)
password=$(secret_of cp_extender --programme GC --login "$run")
v1=$(secret_of native)

# ---- calls ----

# call CONTROLLER/METHOD [BODY [HEADER]]: one more in the batch under way.
call() {
	local body=${2-}
	{
		[ ! -s "$tmp/batch" ] || echo next
		cat <<-CONFIG
			url = "$url/$1"
			output = "$tmp/out/$calls"
			write-out = "{\"n\":$calls,\"status\":%{http_code}}\n"
			cacert = "$ca"
			noproxy = "*"
			http1.1
			silent
			show-error
			header = "Content-Type: application/json"
			header = "${3-Authorization: Bearer $token}"
		CONFIG
		[ -z "$body" ] || printf 'data = "%s"\n' "${body//\"/\\\"}"
		[ -z "${4-}" ] || printf 'header = "%s"\n' "$4"
	} >>"$tmp/batch"
	calls=$((calls + 1))
}

begin() {
	calls=0
	: >"$tmp/batch"
	rm -rf -- "$tmp/out"
	mkdir "$tmp/out"
}

# Send them all, each on a connection of its own. $tmp/answers is the list of
# {"n", "status", "body"} in the order of call.
at_once() {
	local n
	curl --no-progress-meter --parallel --parallel-immediate \
		--parallel-max 60 -K "$tmp/batch" >"$tmp/statuses"
	for ((n = 0; n < calls; n++)); do
		[ -s "$tmp/out/$n" ] || echo null >"$tmp/out/$n"
	done
	jq -n --slurpfile seen "$tmp/statuses" '[inputs | {body: .,
		n: (input_filename | split("/")[-1] | tonumber)}] + $seen |
		[group_by(.n)[] | add]' "$tmp"/out/* >"$tmp/answers"
}

# one CONTROLLER/METHOD [BODY]: a single call; its body.
one() {
	begin
	call "$@"
	at_once
	jq -c '.[0].body' "$tmp/answers"
}

# is NAME FILTER...: one line of TAP; all filters must be true of the answers.
is() {
	local name=$1 filter
	shift
	count=$((count + 1))
	for filter; do
		if ! jq -e "$filter" "$tmp/answers" >/dev/null; then
			echo "not ok $count - cp_extender/at_once.sh: $name"
			echo "#   not true: $filter"
			jq -c '.[] | del(.n, .body.RequestId?)' "$tmp/answers" |
				sort | uniq -c | head -n 20 | sed 's/^/#   /'
			failed=1
			return
		fi
	done
	echo "ok $count - cp_extender/at_once.sh: $name"
}

# ---- what the calls are about ----

members=0
# member POINTS: a new customer with so many; its number is in $member.
member() {
	members=$((members + 1))
	member=M-$members
	tessera customer enrol --tenant "$shop" --programme club \
		external_id="$member"
	[ "$1" = 0 ] || one Loyalty/Earn \
		"{\"CustomerNumber\":\"$member\",\"Points\":$1}" >/dev/null
}

# card VALUE: a new gift card; its number is in $card.
card() {
	card=$(one Giftcard/Create "{\"GiftCardValue\":$1}" |
		jq -er .GiftCard.GiftCardId)
}

# figures: posted, open and available of the member, as text for a filter.
figures() {
	one "Loyalty/$member/BalanceCheck" |
		jq -ec '.Loyalty | [.PointBalance, .OpenAuthorizations,
			.AvailablePointBalance]'
}
card_figures() {
	one "Giftcard/$card/BalanceCheck" |
		jq -ec '.GiftCard | [.Balance, .OpenAuthorizations,
			.AvailableBalance]'
}

hold() {
	call Loyalty/Authorize "{\"Type\":\"loyalty\",\"Ref\":\"$member\",\"SaleId\":\"$1\",\"RequestedPoints\":$2}" "${@:3}"
}

card_hold() {
	call Giftcard/Authorize "{\"Type\":\"giftcard\",\"Ref\":\"$card\",\"SaleId\":\"$1\",\"RequestedAmount\":$2}"
}

settle() {
	call "Authorize/$1" "{\"Ref\":\"$2\",\"AuthCode\":\"$3\"}"
}

granted='map(select(.status == 200))'
none='map(select(.status == 400 and .body.Message == "No Balance Remaining"))'

# is_now NAME FIGURES FILTER...: is, and what the figures are afterwards.
is_now() {
	local name=$1 want=$2 have=$3
	shift 3
	is "$name" "$@" "$have == $want"
}

# then_is NAME figures|card_figures WANT FILTER...: looks at the figures with
# the answers kept.
then_is() {
	local name=$1 have want=$3
	cp "$tmp/answers" "$tmp/kept"
	have=$("$2")
	cp "$tmp/kept" "$tmp/answers"
	is_now "$name" "$want" "$have" "${@:4}"
}

member 1000
begin
for i in {1..30}; do
	hold "T-$i" 70
done
at_once
then_is "thirty Authorize of 70 on 1000 points: 14, a part of 20, 15 refused" \
	figures '[1000,1000,0]' "$granted | map(.body.AuthorizedPoints) | sort == [20] + [range(14) | 70]" \
	"$granted | map(.body.AuthorizedAmount) | sort == [0.2] + [range(14) | 0.7]" \
	"$granted | map(.body.AuthCode) | unique | length == 15" \
	"$none | length == 15"

card 100
begin
for i in {1..30}; do
	card_hold "T-$i" 7
done
at_once
then_is "thirty Authorize of 7.00 on a card of 100.00: the same" \
	card_figures '[100,100,0]' "$granted | map(.body.AuthorizedAmount) | sort == [2] + [range(14) | 7]" \
	"$none | length == 15"

member 1000
begin
for i in {1..30}; do
	hold W-1 70
done
at_once
then_is "thirty times the same Authorize: one hold, one code" \
	figures '[1000,70,930]' 'map(.status) | unique == [200]' \
	'map(.body.AuthCode) | unique | length == 1' \
	'map(.body.RequestId) | unique | length == 30'
code=$(jq -er '.[0].body.AuthCode' "$tmp/answers")

begin
for i in {1..20}; do
	settle Confirm "$member" "$code"
done
at_once
then_is "twenty Confirm of it: taken once, all succeed" \
	figures '[930,0,930]' 'map(.status) | unique == [204]'

card 50
begin
for i in {1..30}; do
	card_hold W-1 80
done
at_once
then_is "the same on a card, of which there is a part" card_figures \
	'[50,50,0]' 'map(.status) | unique == [200]' \
	'map(.body.AuthorizedAmount) | unique == [50]' \
	'map(.body.AuthCode) | unique | length == 1'

member 1000
begin
for i in {1..20}; do
	hold "R-$i" 10
done
at_once
mapfile -t codes < <(jq -er '.[].body.AuthCode' "$tmp/answers")
begin
for code in "${codes[@]}"; do
	settle Confirm "$member" "$code"
	settle Cancel "$member" "$code"
	settle Confirm "$member" "$code"
	settle Cancel "$member" "$code"
done
at_once
confirmed=$(jq '[_nwise(4) | select(.[0].status == 204)] | length' "$tmp/answers")
then_is "Confirm and Cancel race for twenty codes: one of the two each ($confirmed confirmed)" \
	figures "[$((1000 - confirmed * 10)),0,$((1000 - confirmed * 10))]" \
	'[_nwise(4) | map(.status)] | unique - [[204,400,204,400], [400,204,400,204]] == []'

# What is asked while others settle, at the same balance.
member 1000
begin
for i in {1..15}; do
	hold "A-$i" 60
done
at_once
mapfile -t codes < <(jq -er '.[].body.AuthCode' "$tmp/answers")
code_l=$(jq -er .card "$tmp/tessera")
begin
for i in {0..14}; do
	settle "$([ $((i % 2)) = 0 ] && echo Confirm || echo Cancel)" "$member" \
		"${codes[i]}"
	hold "B-$i" 90
	call "v1/cards/$code_l/redemptions" \
		'{"value":{"amount":40,"unit":"points"}}' \
		"Authorization: Bearer $v1" "Idempotency-Key: $run-$i"
done
at_once
left=$(jq -r '(map(select(.status == 201)) | length * 40) as $spent |
	(map(.body.AuthorizedPoints? // 0) | add) as $held |
	"[\(520 - $spent),\($held),\(520 - $spent - $held)]"' "$tmp/answers")
then_is "settling, authorising and /v1 race: never more than there is" figures \
	"$left" "$left | min >= 0" \
	'map(select(.n % 3 == 0).status) | unique == [204]' \
	'map(select(.n % 3 == 1).status) | unique - [200, 400] == []' \
	'map(select(.n % 3 == 2).status) | unique - [201, 422] == []'

member 0
begin
for i in {1..40}; do
	call Loyalty/Earn "{\"CustomerNumber\":\"$member\",\"Points\":5}"
done
at_once
then_is "forty Earn: all count" figures '[200,0,200]' \
	'map(.status) | unique == [204]'

tessera tenant set "$shop" cp_earn_once=true
member 0
begin
for i in {1..40}; do
	call Loyalty/Earn "{\"CustomerNumber\":\"$member\",\"Points\":5,\"Reason\":\"r\",\"Reference\":\"$((i % 2))\"}"
done
at_once
then_is "cp_earn_once: forty of two kinds are two" figures '[10,0,10]' \
	'map(.status) | unique == [204]'
tessera tenant set "$shop" cp_earn_once=

begin
for i in {1..20}; do
	call Giftcard/ReserveIds '{"RequestType":"pool","PoolCount":100,"Agency":"PrintCo"}'
done
at_once
is "twenty pools of a hundred: no number twice" \
	'map(.status) | unique == [200]' \
	'map(.body.GiftCards[]) | length == 2000 and (unique | length) == 2000' \
	'map(.body.GiftCards[]) | all(test("^42-[1-9][0-9]{16}$"))'
number=$(jq -er '.[0].body.GiftCards[0]' "$tmp/answers")

# Of the 262144 numbers of this kind so many are set aside that each generator
# meets one.
tessera programme add --tenant "$shop" few --name Few --kind gift \
	--unit EUR --prefix F --alphabet 01234567 --code-length 6
few=$(secret_of cp_extender --programme few)
begin
for i in {1..10}; do
	call Giftcard/ReserveIds '{"RequestType":"pool","PoolCount":500,"Agency":"PrintCo"}' \
		"Authorization: Bearer $few"
done
at_once
is "five thousand of few" 'map(.body.GiftCards[]) | unique | length == 5000'
jq 'map({body: {codes: .body.GiftCards}})' "$tmp/answers" >"$tmp/reserved"
begin
for i in {1..4}; do
	call v1/cards/batch \
		'{"programme":"few","value":{"amount":100,"currency":"EUR"},"count":500}' \
		"Authorization: Bearer $v1" "Idempotency-Key: $run-few-$i"
done
at_once
jq -s add "$tmp/answers" "$tmp/reserved" >"$tmp/both"
mv "$tmp/both" "$tmp/answers"
is "two thousand cards of /v1 are none of them" \
	'map(.body.codes[]) | length == 7000 and (unique | length) == 7000'

begin
for i in {1..20}; do
	call Giftcard/Create "{\"GiftCardId\":\"$number\",\"GiftCardValue\":10,\"SaleId\":\"S\"}"
done
at_once
card=$number
then_is "twenty times the same Create: one card, one answer" card_figures \
	'[10,0,10]' 'map(.status) | unique == [200]' \
	'map(.body) | unique | length == 1'

number=42-$run
number=${number:0:20}
begin
for i in {1..20}; do
	call Giftcard/Create "{\"GiftCardId\":\"$number\",\"GiftCardValue\":$i}"
done
at_once
card=$number
worth=$(jq "$granted | .[0].body.GiftCard.GiftCardValue" "$tmp/answers")
then_is "twenty values for one number: one is it" card_figures \
	"[$worth,0,$worth]" "$granted | length == 1" \
	'map(select(.status == 400 and .body.Message == "Bad Request")) | length == 19'

member 1000
begin
for i in {1..20}; do
	hold K-1 70 "Authorization: Bearer $token" "Idempotency-Key: $run-hold"
done
at_once
then_is "twenty under one Idempotency-Key: one hold, one answer" figures \
	'[1000,70,930]' 'map(.status) | unique - [200, 409] == []' \
	"$granted | map(.body.AuthCode) | unique | length == 1"

begin
for i in {1..10}; do
	call SSO/Login "{\"UserName\":\"$run\",\"Password\":\"$password\"}" "X: y"
done
at_once
is "ten logins: ten tokens" 'map(.status) | unique == [200]' \
	'map(.body.APItoken) | unique | length == 10'
mapfile -t tokens < <(jq -er '.[].body.APItoken' "$tmp/answers")
begin
for token in "${tokens[@]}"; do
	call "Loyalty/$member/BalanceCheck" '' "Authorization: Bearer $token"
done
at_once
is "all of which are good" 'map(.status) | unique == [200]'

echo "1..$count"
exit $failed
