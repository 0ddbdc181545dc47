#!/usr/bin/env bash
# Usage: sums.sh DEMO.JSON
#
# What BalanceCheck answers is held against books of our own: random histories
# of earned points, authorisations confirmed and cancelled, redemptions and
# reversals through /v1, the clock moving on, for a customer whose 100 points
# are 1.00, one whose 150 are, and a gift card; asked for random windows. The
# rules are those of 5.2 of the contract: posted, open and available as they
# are now; with the window open up to now the rows add up to what is posted and
# the pending ones to what is open; a summary of all before, first; the rows of
# the window, oldest first; what is held, however old.
#
# SEED repeats a run that failed, STEPS (300) makes it longer. Takes the
# operator's command and its settings from TESSERA and TESSERA_CONF. Says what
# it saw in TAP.
#
# Needs curl and jq.

set -euo pipefail

STEPS=${STEPS:-300}
SEED=${SEED:-$((SRANDOM % 32768))}

[ $# = 1 ] || {
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
demo=$1
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT
run=$(date +%s%N)-$$
shop="case-cp-sums-$run"
url=$(jq -er .https "$demo")
ca=$(jq -er .ca "$demo")
export TZ=UTC
RANDOM=$SEED
echo "# seed $SEED, $STEPS steps"

tessera() {
	"${TESSERA:-tessera}" -c "$TESSERA_CONF" --json "$@" >"$tmp/tessera"
}

secret_of() {
	tessera credential add --tenant "$shop" --api "$@"
	jq -er .secret "$tmp/tessera"
}

# member NUMBER PROGRAMME PER: prints the code of the card of points.
member() {
	tessera programme add --tenant "$shop" "$2" --name "$2" --kind reward \
		--unit points --prefix L --alphabet 0123456789 --code-length 12 \
		redeem_points="$3" redeem_value=100
	tessera customer enrol --tenant "$shop" --programme "$2" \
		external_id="$1"
	jq -er .card "$tmp/tessera"
}

tessera tenant add "$shop" --time-zone Pacific/Auckland --currency EUR
tessera programme add --tenant "$shop" GC --name "Gift card" --kind gift \
	--unit EUR --prefix 42- --alphabet 0123456789 --code-length 17
token=$(secret_of cp_extender --programme GC)
v1=$(secret_of native)

# In a file, as arguments are for all to see.
cat >"$tmp/curl" <<CONFIG
cacert = "$ca"
noproxy = "*"
http1.1
silent
show-error
header = "Content-Type: application/json"
write-out = "%{http_code}"
output = "$tmp/body"
CONFIG
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$tmp/cp"
printf 'header = "Authorization: Bearer %s"\n' "$v1" >"$tmp/v1"

# ask cp|v1 METHOD PATH [BODY]: the status; the body is in $tmp/body.
ask() {
	: >"$tmp/body"
	status=$(curl -K "$tmp/curl" -K "$tmp/$1" -X "$2" ${4+-d "$4"} \
		-H "Idempotency-Key: $run-$step" "$url/$3")
}

# ---- our books: of three accounts ----

ref=(M-100 M-150 '')		# Ref of each
code=('' '' '')			# and the card that keeps it
per=(100 150 0)			# points of which are 1.00; 0: it is money
posted=(0 0 0)
held=(0 0 0)

# Movements, oldest first; of holds those that are open.
at=() of=() delta=() row=()
hold_of=() hold_at=() hold_amount=() hold_sale=() hold_code=()
# Redemptions of /v1 that may be reversed.
spent_of=() spent_id=() spent_left=()
now=1893456000			# 2030-01-01
step=0 sales=0

day() {
	printf '"%(%m/%d/%Y)T"' "$1"
}

# amount ACCOUNT UNITS: as it stands on the wire.
amount() {
	local n=${2#-} sign=
	if [ "${per[$1]}" != 0 ]; then
		echo "$2"
		return
	fi
	[ "$n" = "$2" ] || sign=-
	printf '%s%d.%02d\n' "$sign" $((n / 100)) $((n % 100))
}

# money MINOR
money() {
	printf '%d.%02d\n' $(($1 / 100)) $(($1 % 100))
}

# book ACCOUNT DELTA ROW: a movement; ROW is what its row must have besides
# date and amount.
book() {
	at+=("$now") of+=("$1") delta+=("$2") row+=("$3")
	posted[$1]=$((posted[$1] + $2))
}

# random N: 0 .. N-1
random() {
	r=$((((RANDOM << 15) | RANDOM) % $1))
}

problem() {
	echo "# step $step: $*"
	sed 's/^/#   /' "$tmp/body"
	echo
	return 1
}

clock() {
	tessera tenant set "$shop" "clock=$(printf '%(%Y-%m-%dT%H:%M:%SZ)T' "$now")"
}

# ---- steps: each fails when an answer is not what the books say ----

# Half of the time within the day.
step_clock() {
	random 2
	if [ "$r" = 0 ]; then
		random 3600
	else
		random 5000000
	fi
	now=$((now + r + 1))
	clock
}

step_earn() {
	local i=$1 doc
	[ "$i" != 2 ] || return 0
	random 500
	doc="E-$step"
	ask cp POST Loyalty/Earn "{\"CustomerNumber\":\"${ref[i]}\",\"Points\":$((r + 1)),\"Reference\":\"$doc\",\"Reason\":\"r $step\"}"
	[ "$status" = 204 ] || problem "Earn: $status" || return
	book "$i" $((r + 1)) "{\"Document\":\"$doc\",\"Reason\":\"r $step\"}"
}

# By points or by amount, often more than there is.
step_authorise() {
	local i=$1 free need worth member type path
	free=$((posted[i] - held[i]))
	sales=$((sales + 1))
	random $((free > 0 ? free * 4 / 3 + 2 : 50))
	r=$((r + 1))
	if [ "${per[i]}" = 0 ]; then
		type=giftcard path=Giftcard member="\"RequestedAmount\":$(money "$r")"
		need=$((r < free ? r : free))
		worth=$need
	elif [ $((RANDOM % 2)) = 0 ]; then
		type=loyalty path=Loyalty member="\"RequestedPoints\":$r"
		need=$((r < free ? r : free))
		worth=$((need * 100 / per[i]))
	else
		type=loyalty path=Loyalty member="\"RequestedAmount\":\"$(money "$r")\""
		need=$(((r * per[i] + 99) / 100))
		worth=$r
		if [ "$need" -gt "$free" ]; then
			need=$free
			worth=$((need * 100 / per[i]))
		fi
	fi
	ask cp POST "$path/Authorize" "{\"Type\":\"$type\",\"Ref\":\"${ref[i]}\",\"SaleId\":\"S-$sales\",$member}"
	if [ "$need" -le 0 ] || [ "$worth" -le 0 ]; then
		[ "$status" = 400 ] && grep -q 'No Balance Remaining' "$tmp/body" ||
			problem "Authorize of $r with $free free: $status"
		return
	fi
	grep -q "\"AuthorizedAmount\":$(money "$worth")," "$tmp/body" ||
		problem "Authorize of $r with $free free: not $(money "$worth")" ||
		return
	[ "${per[i]}" = 0 ] || grep -q "\"AuthorizedPoints\":$need," "$tmp/body" ||
		problem "Authorize of $r with $free free: not $need points" || return
	held[i]=$((held[i] + need))
	hold_of+=("$i") hold_at+=("$now") hold_amount+=("$need")
	hold_sale+=("S-$sales") hold_code+=("$(jq -er .AuthCode "$tmp/body")")
}

# settle Confirm|Cancel: any of the open ones.
settle() {
	local n=${#hold_of[@]} i h
	[ "$n" != 0 ] || return 0
	random "$n"
	h=$r i=${hold_of[r]}
	ask cp POST "Authorize/$1" "{\"Ref\":\"${ref[i]}\",\"AuthCode\":\"${hold_code[h]}\"}"
	[ "$status" = 204 ] || problem "$1: $status" || return
	held[i]=$((held[i] - hold_amount[h]))
	[ "$1" = Cancel ] || book "$i" "-${hold_amount[h]}" \
		"{\"Activity\":\"Charge\",\"Document\":\"${hold_sale[h]}\",\"Location\":\"Web Order\"}"
	unset "hold_of[h]" "hold_at[h]" "hold_amount[h]" "hold_sale[h]" \
		"hold_code[h]"
	hold_of=("${hold_of[@]}") hold_at=("${hold_at[@]}")
	hold_amount=("${hold_amount[@]}") hold_sale=("${hold_sale[@]}")
	hold_code=("${hold_code[@]}")
}

step_confirm() {
	settle Confirm
}

step_cancel() {
	settle Cancel
}

unit_of() {
	[ "${per[$1]}" = 0 ] && echo '"currency":"EUR"' || echo '"unit":"points"'
}

step_redeem() {
	local i=$1 free=$((posted[$1] - held[$1]))
	random 200
	r=$((r + 1))
	ask v1 POST "v1/cards/${code[i]}/redemptions" \
		"{\"value\":{\"amount\":$r,$(unit_of "$i")}}"
	if [ "$r" -gt "$free" ]; then
		[ "$status" = 422 ] || problem "redeem $r with $free free: $status"
		return
	fi
	[ "$status" = 201 ] || problem "redeem: $status" || return
	book "$i" "-$r" '{}'
	spent_of+=("$i") spent_left+=("$r")
	spent_id+=("$(jq -er .id "$tmp/body")")
}

step_reverse() {
	local n=${#spent_of[@]} s i
	[ "$n" != 0 ] || return 0
	random "$n"
	s=$r i=${spent_of[r]}
	[ "${spent_left[s]}" != 0 ] || return 0
	random "${spent_left[s]}"
	ask v1 POST "v1/transfers/${spent_id[s]}/reversals" \
		"{\"value\":{\"amount\":$((r + 1)),$(unit_of "$i")}}"
	[ "$status" = 201 ] || problem "reverse: $status" || return
	book "$i" $((r + 1)) '{}'
	spent_left[s]=$((spent_left[s] - r - 1))
}

# Some instant: of a movement, or near it, or any.
instant() {
	local n=${#at[@]} by
	random 8
	if [ "$n" = 0 ] || [ "$r" = 0 ]; then
		random 70000000
		t=$((1880000000 + r))
		return
	fi
	case $r in
	1 | 2) by=-1 ;;
	3) by=1 ;;
	*) by=0 ;;
	esac
	random "$n"
	t=$((at[r] + by))
}

# date T: in one of the forms that are taken, in $text. No subshell: there
# RANDOM would begin anew.
date_text() {
	random 4
	case $r in
	0) printf -v text '%(%m/%d/%Y %H:%M:%S)T.000' "$1" ;;
	1) printf -v text '%(%m/%d/%Y %H:%M:%S)T' "$1" ;;
	2) printf -v text '%(%Y-%m-%dT%H:%M:%S)TZ' "$1" ;;
	3) printf -v text '%(%Y-%m-%dT%H:%M:%S)T.000' "$1" ;;
	esac
}

# expected ACCOUNT FROM TO: what the books say, for the filter below.
expected() {
	local i=$1 from=$2 to=$3 m h before=0 last='' rows='' pending=''
	for m in "${!at[@]}"; do
		[ "${of[m]}" = "$i" ] || continue
		if [ "${at[m]}" -lt "$from" ]; then
			before=$((before + delta[m])) last=${at[m]}
		elif [ "${at[m]}" -le "$to" ]; then
			rows+=",[$(day "${at[m]}"),$(amount "$i" "${delta[m]}"),${row[m]}]"
		fi
	done
	for h in "${!hold_of[@]}"; do
		[ "${hold_of[h]}" = "$i" ] && [ "${hold_at[h]}" -le "$to" ] ||
			continue
		pending+=",[$(day "${hold_at[h]}"),$(amount "$i" "${hold_amount[h]}"),\"${hold_sale[h]}\"]"
	done
	printf '{"posted":%s,"open":%s,"summary":%s,"rows":[%s],"pending":[%s]}' \
		"$(amount "$i" "${posted[i]}")" "$(amount "$i" "${held[i]}")" \
		"$([ -z "$last" ] && echo null || echo "[$(day "$last"),$(amount "$i" "$before")]")" \
		"${rows#,}" "${pending#,}"
}

# In hundredths, as jq's numbers are binary fractions.
cat >"$tmp/rules" <<'JQ'
def cents: . * 100 | round;
(.Loyalty // .GiftCard) as $a |
([$a.History[] | . + {n: (.PointAmount // .Amount)}]) as $h |
($a.PointBalance // $a.Balance) as $posted |
($a.AvailablePointBalance // $a.AvailableBalance) as $available |
($h | map(select(.Activity == "Historical Summary"))) as $summary |
($h | map(select(.Activity == "Pending Charge"))) as $pending |
($h | map(select(.Activity != "Historical Summary" and
	.Activity != "Pending Charge"))) as $rows |
if $posted != $want.posted then "posted is not \($want.posted)"
elif $a.OpenAuthorizations != $want.open then "open is not \($want.open)"
elif ($available | cents) != (($posted | cents) - ($want.open | cents))
	then "available is not posted - open"
elif ($summary | map([.Date, .n])) != [$want.summary // empty]
	then "the summary is not \($want.summary)"
elif ($summary != []) and ($h[0].Activity != "Historical Summary")
	then "the summary is not the first row"
elif ($rows | map([.Date, .n])) != ($want.rows | map(.[0:2]))
	then "rows are not \($want.rows)"
elif [$rows, $want.rows] | transpose | any(.[0] as $have | .[1][2] |
	to_entries | any($have[.key] != .value))
	then "rows are not \($want.rows)"
elif ($pending | map([.Date, .n, .Document])) != $want.pending
	then "pending rows are not \($want.pending)"
elif ($pending | any(.Location != "Web Order" or .n <= 0))
	then "pending rows"
elif $open_end and (($h - $pending | map(.n | cents) | add // 0)
	!= ($posted | cents)) then "rows do not add up to posted"
elif $open_end and (($pending | map(.n | cents) | add // 0)
	!= ($a.OpenAuthorizations | cents))
	then "pending rows do not add up to open"
elif any(.. | objects | .[]; . == null or . == "") then "empty members"
else empty end
JQ

checks=0
step_check() {
	local i=$1 year from to form body='' query='' open_end=true path said
	path=$([ "${per[i]}" = 0 ] && echo Giftcard || echo Loyalty)
	printf -v year '%(%Y)T' "$now"
	# A year back of UTC's calendar; no step is on 29 February.
	from=$(date -d "$(printf '%(%m-%dT%H:%M:%S)T' "$now" |
		sed "s/^02-29/02-28/; s/^/$((year - 1))-/")Z" +%s)
	to=$now
	random 4
	form=$r
	if [ $((form & 1)) = 1 ]; then
		instant
		from=$t
		date_text "$t"
		body+=",\"startDate\":\"$text\""
	fi
	if [ $((form & 2)) = 2 ]; then
		instant
		to=$t
		[ "$to" -ge "$now" ] || open_end=false
		date_text "$t"
		body+=",\"endDate\":\"$text\""
	fi
	[ $((RANDOM % 3)) != 0 ] || [ -z "$body" ] || {
		query="?$(jq -rn --argjson b "{${body#,}}" \
			'$b | to_entries | map("\(.key)=\(.value | @uri)") | join("&")')"
		body=
	}
	if [ -n "$body" ] || [ $((RANDOM % 2)) = 0 ]; then
		ask cp GET "$path/${ref[i]}/BalanceCheck$query" "{${body#,}}"
	else
		ask cp GET "$path/${ref[i]}/BalanceCheck$query"
	fi
	checks=$((checks + 1))
	[ "$status" = 200 ] || problem "BalanceCheck $query ${body#,}: $status" ||
		return
	said=$(jq -r --argjson want "$(expected "$i" "$from" "$to")" \
		--argjson open_end "$open_end" -f "$tmp/rules" "$tmp/body")
	[ -z "$said" ] || problem "BalanceCheck $query ${body#,}: $said"
}

# ---- the run ----

clock
code[0]=$(member M-100 hundred 100)
code[1]=$(member M-150 odd 150)
ask cp POST Giftcard/Create '{"GiftCardValue":500.00,"SaleId":"S-0"}'
ref[2]=$(jq -er .GiftCard.GiftCardId "$tmp/body")
code[2]=${ref[2]}
book 2 50000 '{"Activity":"Issued","Document":"S-0"}'

failed=0
for ((step = 1; step <= STEPS && failed == 0; step++)); do
	random 20
	case $r in
	0 | 1) what=clock ;;
	2 | 3 | 4) what=earn ;;
	5 | 6 | 7) what=authorise ;;
	8 | 9) what=confirm ;;
	10) what=cancel ;;
	11 | 12) what=redeem ;;
	13) what=reverse ;;
	*) what=check ;;
	esac
	random 3
	"step_$what" "$r" || failed=1
done
for i in 0 1 2; do
	for n in 1 2 3; do
		[ $failed != 0 ] || step_check "$i" || failed=1
	done
done
name="$STEPS random steps, ${#at[@]} movements, $checks windows: all add up (seed $SEED)"
[ $failed = 0 ] && echo "ok 1 - cp_extender/sums.sh: $name" ||
	echo "not ok 1 - cp_extender/sums.sh: $name"
echo "1..1"
exit $failed
