# shellcheck shell=bash
# What the tests of faults share.  Sourced, never run.
#
# A test works on the instance of TESSERA_VAR and leaves it running as it found
# it.  When none runs there, it makes one of its own and takes it down again;
# one that fills a disk always does (own_instance).
#
# It says TAP.  Every load is held against the ledger afterwards: what was
# acknowledged is booked once, what was refused is not, nothing else is there.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

SUPPORT=$ROOT/tests/support
TESTS=0 FAILED=0
OWN=no			# the instance is ours to take down
CHILDREN=()		# processes in the background that must not stay
WORK=$(mktemp -d "${TMPDIR:-/tmp}/tessera-faults.XXXXXX")
! is_root || chmod 0711 "$WORK"

# --- TAP -------------------------------------------------------------------

# report STATUS TEXT
report() {
	TESTS=$((TESTS + 1))
	if [ "$1" = 0 ]; then
		echo "ok $TESTS - $2"
	else
		FAILED=$((FAILED + 1))
		echo "not ok $TESTS - $2"
	fi
}

# check TEXT COMMAND...: passes when COMMAND succeeds; says what it printed
# when it does not. It runs in a subshell: what it sets is gone afterwards.
check() {
	local text=$1 out rc=0
	shift
	out=$("$@" 2>&1) || rc=$?
	report "$rc" "$text"
	[ "$rc" = 0 ] || printf '%s\n' "$out" | sed 's/^/#   /' | head -n 40
}

# equal TEXT GOT WANT
equal() {
	if [ "$2" = "$3" ]; then
		report 0 "$1"
	else
		report 1 "$1"
		printf '#   got:  %s\n#   want: %s\n' "$2" "$3"
	fi
}

# note TEXT: for the reader of a log.
note() {
	printf '# %s\n' "$*"
}

# The tests are done.
finish_tests() {
	echo "1..$TESTS"
	[ "$FAILED" = 0 ]
}

# skip_all WHY: this machine cannot.
skip_all() {
	echo "1..0 # SKIP $1"
	echo "ok 1 - # SKIP $1"
	exit 0
}

at_exit=()

cleanup() {
	local rc=$? pid one
	trap - EXIT INT TERM HUP
	set +e
	for pid in "${CHILDREN[@]}"; do
		kill "$pid" 2>/dev/null
	done
	# Only these: a daemon that the test has started is to stay.
	for pid in "${CHILDREN[@]}"; do
		wait "$pid" 2>/dev/null
	done
	for one in "${at_exit[@]}"; do
		"$one"
	done
	if [ "$OWN" = yes ]; then
		"$ROOT/scripts/stop" --wipe >/dev/null 2>&1
	elif [ -f "$WORK/tessera.conf" ] && ! cmp -s "$WORK/tessera.conf" "$CONF"; then
		cat "$WORK/tessera.conf" >"$CONF"
		reload_quietly
	fi
	for one in "${at_last[@]}"; do
		"$one"
	done
	rm -rf -- "$WORK"
	exit "$rc"
}
at_last=()
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- the instance ----------------------------------------------------------

# own_instance FOLDER: brings up a private instance there.
own_instance() {
	use_var "$1"
	export TESSERA_VAR=$VAR TESSERA_BUILD=$BUILD
	TESSERA_HTTPS_PORT=$(free_port)
	TESSERA_HTTP_PORT=$(free_port)
	export TESSERA_HTTPS_PORT TESSERA_HTTP_PORT
	export TESSERA_WORKERS=${TESSERA_WORKERS:-4}
	# shellcheck disable=SC2034
	HTTPS_PORT=$TESSERA_HTTPS_PORT HTTP_PORT=$TESSERA_HTTP_PORT
	OWN=yes
	"$ROOT/scripts/run" -d >"$WORK/run.log" 2>&1 || {
		sed 's/^/# /' "$WORK/run.log"
		die "no instance"
	}
	find_places find
}

# use_instance: the one of TESSERA_VAR, or a new one.
use_instance() {
	if alive tesserad && alive nginx && ready; then
		find_places find
	else
		own_instance "$WORK/var"
	fi
	cp -- "$CONF" "$WORK/tessera.conf"
	API_KEY=$(jq -r '.tenants[0].native.api_key' "$DEMO")
	LOGIN=$(jq -r '.tenants[0].iwarehouse | "log=\(.log|@uri)&pwd=\(.pwd|@uri)"' \
		"$DEMO")
	CA=$VAR/tls/ca.pem
	URL=https://127.0.0.1:$HTTPS_PORT
}

# ready: 200 through nginx means workers answer and the database does.
ready() {
	[ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' --noproxy '*' \
		--cacert "$VAR/tls/ca.pem" "https://127.0.0.1:$HTTPS_PORT/readyz")" = 200 ]
}

supervisor() {
	pid_of tesserad
}

# The workers' pids, a line each.
workers() {
	local pid
	pid=$(supervisor) || return 0
	tr ' ' '\n' <"/proc/$pid/task/$pid/children" | grep . | sort -n || true
}

# workers_are NUMBER: so many serve.
workers_are() {
	[ "$(workers | wc -l)" = "$1" ]
}

# What workers are told to run as.
workers_wanted() {
	sed -n 's/^workers = //p' "$CONF"
}

start_tesserad() {
	spawn tesserad "$BUILD/tesserad" -c "$CONF"
}

start_nginx() {
	spawn nginx nginx -p "$VAR/nginx/" -e "$LOG/nginx.log" \
		-c "$VAR/nginx/nginx.conf"
}

# logged TEXT: how many lines of the daemon's log hold it.
logged() {
	grep -acF -- "$1" "$LOG/tesserad.log" || true
}

# logged_more TEXT NUMBER: more lines than that by now.
logged_more() {
	[ "$(logged "$1")" -gt "$2" ]
}

# pg_ctl ARGUMENT...: on the instance's cluster, waiting for the end.
pg_ctl() {
	as "$PG_OWNER" "$(pg_bin_of_cluster)/pg_ctl" -s -w -t 30 -D "$PGDATA" "$@" \
		>>"$LOG/postgresql.log" 2>&1 9>&-
}

# setting KEY VALUE: in the instance's tessera.conf, for reload.
setting() {
	local new
	new=$(grep -v "^$1 = " "$CONF")
	printf '%s\n%s = %s\n' "$new" "$1" "$2" >"$CONF"
}

# reload: SIGHUP, and wait until every worker has been replaced.
reload() {
	local before
	before=$(logged "all workers have the new settings")
	kill -HUP "$(supervisor)"
	wait_for 30 logged_more "all workers have the new settings" "$before"
}

reload_quietly() {
	reload >/dev/null 2>&1 || true
}

# sql TEXT...: as superuser in the instance's database; rows only.
sql() {
	superuser -At -d "$(conninfo postgres)" -c "$1"
}

# lock_row CARD: another transaction locks its purse, until unlock_row.
lock_row() {
	mkfifo "$WORK/lock" 2>/dev/null || true
	superuser -At -d "$(conninfo postgres)" <"$WORK/lock" >"$WORK/locked" &
	LOCK_PID=$!
	CHILDREN+=("$LOCK_PID")
	exec 8>"$WORK/lock"
	: >"$WORK/locked"
	printf '%s\n' "BEGIN;" "SELECT 'locked' FROM ledger.purse
		JOIN ledger.card USING (tenant_id, card_id)
		WHERE code = '$1' FOR UPDATE OF purse;" >&8
	wait_for 10 grep -q locked "$WORK/locked"
}

unlock_row() {
	# Closing is not enough: who was started since has it open too.
	printf 'ROLLBACK;\n\\q\n' >&8
	exec 8>&-
	wait "$LOCK_PID"
}

# --- requests --------------------------------------------------------------

# request ARGUMENT...: curl with what every call needs.
request() {
	curl -s --noproxy '*' --cacert "$CA" --http1.1 -m 40 "$@"
}

# v1 PATH ARGUMENT...: a call of the native API.
v1() {
	local path=$1
	shift
	request -H "Authorization: Bearer $API_KEY" \
		-H 'Content-Type: application/json' "$@" "$URL/v1/$path"
}

# cards NUMBER MINOR: issues cards, prints their codes.
cards() {
	v1 cards/batch -H "Idempotency-Key: $(new_key)" -d "{\"programme\":\"gift\",
		\"count\":$1,\"value\":{\"amount\":$2,\"currency\":\"EUR\"}}" |
		jq -er '.codes[]'
}

# A key nobody has used.
new_key() {
	printf 'fault-%s' "$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')"
}

# redeem CARD KEY MINOR [ARGUMENT...]: prints the answer's body, then a line
# of status, Retry-After, Idempotency-Replayed and seconds.
redeem() {
	local card=$1 key=$2 minor=$3
	shift 3
	v1 "cards/$card/redemptions" -H "Idempotency-Key: $key" \
		-d "{\"value\":{\"amount\":$minor,\"currency\":\"EUR\"},\"reference\":\"$key\"}" \
		-w '\n%{http_code} %header{retry-after} %header{idempotency-replayed} %{time_total}\n' \
		"$@"
}

# booked KEY: how many transfers the ledger has for it.
booked() {
	sql "SELECT count(*) FROM ledger.transfer WHERE reference = '$1'"
}

# The answer while the service is away, in the shape of the native API ...
away_native() {
	v1 cards/GC00000000 -D "$WORK/head" -o "$WORK/body" || return
	head_is 503 && head_has '^content-type: application/problem\+json' &&
		head_has '^retry-after: [0-9]+' &&
		jq -e '.status == 503 and (.code == "service_unavailable")
			and (.type | startswith("urn:"))
			and (.request_id | length > 0)' <"$WORK/body" >/dev/null && return
	cat "$WORK/head" "$WORK/body"
	return 1
}

# ... and of iWAREHOUSE's.
away_iwarehouse() {
	request -D "$WORK/head" -o "$WORK/body" \
		"$URL/core/sales/cards/gift/gift_api.asp?$LOGIN&card=GC00000000" || return
	head_is 503 && head_has '^content-type: application/json' &&
		jq -e '.Error == true and .ErrorCode == "internal"
			and (.ErrorMessage | length > 0)' <"$WORK/body" >/dev/null &&
		{ [ "${1:-}" = nginx ] || head_has '^retry-after: [0-9]+'; } && return
	cat "$WORK/head" "$WORK/body"
	return 1
}

# ... and of CP Extender's, which knows 500 alone: STATUS. No tenant is asked.
away_cp_extender() {
	request -D "$WORK/head" -o "$WORK/body" "$URL/Connection/Status" || return
	head_is "$1" && head_has '^content-type: application/json' &&
		[ "$(cat "$WORK/body")" = '{"Message":"Internal Server Error"}' ] &&
		return
	cat "$WORK/head" "$WORK/body"
	return 1
}

head_is() {
	head -n 1 "$WORK/head" | grep -q " $1"
}

head_has() {
	grep -qiE "$1" "$WORK/head"
}

# sold_again: a new redemption is booked; all is well.
sold_again() {
	local key
	key=$(new_key)
	redeem "$CARD" "$key" 1 >"$WORK/again"
	if ! tail -n 1 "$WORK/again" | grep -q '^201 '; then
		cat "$WORK/again"
		return 1
	fi
}

# --- load ------------------------------------------------------------------

# A card for single calls and some for loads; a few of them are nearly empty,
# so that refusals are among the answers.
make_cards() {
	cards 40 10000000 >"$WORK/cards"
	cards 3 20 >>"$WORK/cards"
	CARD=$(head -n 1 "$WORK/cards")
}

# load_start NAME [LANES [PARALLEL [COPIES]]]: redeems until load_stop.
load_start() {
	LOAD=$WORK/load-$1
	PREFIX=$(new_key)-
	mkdir -- "$LOAD"
	jq -n --arg https "$URL" --arg ca "$CA" --arg api_key "$API_KEY" \
		--arg prefix "$PREFIX" --rawfile cards "$WORK/cards" \
		--argjson lanes "${2:-2}" --argjson parallel "${3:-6}" \
		--argjson copies "${4:-1}" \
		'{https: $https, ca: $ca, api_key: $api_key, prefix: $prefix,
		  lanes: $lanes, parallel: $parallel, copies: $copies,
		  cards: ($cards | split("\n") | map(select(. != "")))}' \
		>"$LOAD/target"
	: >"$LOAD/seen"
	"$SUPPORT/load" run "$LOAD" &
	LOAD_PID=$!
	CHILDREN+=("$LOAD_PID")
	answered 30 acknowledged
}

# seen WHAT: answers of a kind so far (acknowledged, refused, unknown).
seen() {
	grep -c "^$1" "$LOAD/seen" || true
}

seen_at_least() {
	[ "$(seen "$1")" -ge "$2" ]
}

# answered NUMBER WHAT: waits for so many more answers of that kind.
answered() {
	wait_for 40 seen_at_least "$2" $(($(seen "$2") + $1)) || {
		note "no $1 more answers of the kind $2 within 40 s"
		return 1
	}
}

# midst: returns just when an answer has come, so that requests are under way.
midst() {
	local size
	size=$(stat -c %s "$LOAD/seen")
	# A condition of its own: wait_for looks too seldom.
	while [ "$(stat -c %s "$LOAD/seen")" = "$size" ]; do
		kill -0 "$LOAD_PID" || return
	done
}

# load_stop: ends the load; what is under way gets its answer.
load_stop() {
	touch "$LOAD/stop"
	wait "$LOAD_PID"
}

# load_verify TEXT: repeats what has no answer until it has one, then holds the
# answers against the ledger.
load_verify() {
	local rc=0
	note "$1: $(seen acknowledged) acknowledged, $(seen refused) refused," \
		"$(seen unknown) without a final answer at first"
	"$SUPPORT/load" settle "$LOAD" || rc=$?
	report "$rc" "$1: every request has an answer in the end"
	check "$1: each answer is what the ledger has booked, once" ledger_agrees
	check "$1: the sum acknowledged is the sum booked" sums_agree
	check "$1: the ledger's checks find nothing" \
		"$BUILD/tessera" -c "$CONF" verify
}

# Runs a query over the table `answer` of final answers.
over_answers() {
	superuser -At -v prefix="$PREFIX" -d "$(conninfo postgres)" \
		-c "CREATE TEMP TABLE answer (key text PRIMARY KEY, card text,
			amount bigint, status integer, balance bigint)" \
		-c '\copy answer FROM pstdin' -f "$1" <"$LOAD/final"
}

ledger_agrees() {
	local bad
	bad=$(over_answers "$SUPPORT/answers.sql") || return
	printf '%s\n' "$bad"
	[ -z "$bad" ]
}

sums_agree() {
	local out
	out=$(over_answers "$SUPPORT/sums.sql") || return
	echo "acknowledged and booked (number|sum): $out"
	[ "$(printf '%s\n' "$out" | sort -u | wc -l)" = 1 ]
}

# No request of the load failed: each was answered at the first time of asking.
load_without_failure() {
	[ "$(seen acknowledged)" -gt 0 ] && [ "$(seen unknown)" = 0 ] && return
	grep '^unknown' "$LOAD/seen" | head -n 20
	return 1
}

# --- authorisations --------------------------------------------------------

# cp_extender OUT PATH BODY: a call of that API; prints the status.
cp_extender() {
	request -H "Authorization: Bearer $CP_TOKEN" -o "$1" \
		-w '%{http_code}' -d "$3" "$URL/$2"
}

# sales_start: two web shops set points of a new customer aside and take them,
# sale by sale, until sales_stop. What has no answer is asked for again.
sales_start() {
	local lane
	CP_TOKEN=$(jq -r '.tenants[0].cp_extender.token' "$DEMO")
	SALES=$(new_key)
	"$BUILD/tessera" -c "$CONF" customer enrol --programme harbour \
		--tenant "$(jq -r '.tenants[0].name' "$DEMO")" \
		external_id="$SALES" >/dev/null
	cp_extender /dev/null Loyalty/Earn \
		"{\"CustomerNumber\":\"$SALES\",\"Points\":1000000}" >/dev/null
	POINTS=$(points)
	rm -f -- "$WORK/no-more-sales"
	: >"$WORK/sold"
	SALES_PIDS=()
	for lane in 1 2; do
		sales_lane "$lane" &
		SALES_PIDS+=($!)
	done
	CHILDREN+=("${SALES_PIDS[@]}")
}

sales_lane() {
	local n=0 out=$WORK/sale.$1
	until [ -e "$WORK/no-more-sales" ]; do
		n=$((n + 1))
		until [ "$(cp_extender "$out" Loyalty/Authorize \
			"{\"Type\":\"loyalty\",\"Ref\":\"$SALES\",\"SaleId\":\"$SALES-$1-$n\",\"RequestedPoints\":7}" ||
			true)" = 200 ]; do :; done
		until [ "$(cp_extender /dev/null Authorize/Confirm \
			"{\"Ref\":\"$SALES\",\"AuthCode\":$(jq .AuthCode "$out")}" ||
			true)" = 204 ]; do :; done
		echo "$SALES-$1-$n" >>"$WORK/sold"
	done
}

# points: posted and set aside, of the customer of the sales.
points() {
	request -H "Authorization: Bearer $CP_TOKEN" \
		"$URL/Loyalty/$SALES/BalanceCheck" |
		jq -er '.Loyalty | .PointBalance, .OpenAuthorizations' |
		tr '\n' ' '
}

sold_at_least() {
	[ "$(wc -l <"$WORK/sold")" -ge "$1" ]
}

# sales_verify TEXT: ends them and holds what was answered against the ledger.
sales_verify() {
	local before=${POINTS%% *}
	wait_for 40 sold_at_least 20 || true
	touch "$WORK/no-more-sales"
	wait "${SALES_PIDS[@]}"
	note "$1: $(wc -l <"$WORK/sold") sales with CP Extender"
	check "$1: sales are sold" sold_at_least 20
	equal "$1: each sale is set aside once and taken once" \
		"$(sql "SELECT o.reference, count(*) FROM ledger.transfer o
			JOIN ledger.transfer t USING (tenant_id, card_id, unit)
			WHERE o.kind = 'authorise' AND t.kind = 'capture'
			AND t.origin_seq = o.seq
			AND starts_with(o.reference, '$SALES-')
			GROUP BY o.reference" | LC_ALL=C sort)" \
		"$(sed 's/$/|1/' "$WORK/sold" | LC_ALL=C sort)"
	equal "$1: and nothing else" \
		"$(sql "SELECT count(*) FROM ledger.transfer
			WHERE kind = 'authorise'
			AND starts_with(reference, '$SALES-')")" \
		"$(wc -l <"$WORK/sold")"
	equal "$1: the points are what is left" "$(points)" \
		"$((before - 7 * $(wc -l <"$WORK/sold"))) 0 "
}
