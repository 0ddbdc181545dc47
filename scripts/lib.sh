# shellcheck shell=bash
# Functions that the scripts share.  Sourced, never run.
#
# All that an instance writes lies under $VAR (TESSERA_VAR, default var/ of the
# checkout), so several instances can live side by side:
#
#   tessera.conf demo.json  what the programs, a person or a test reads
#   tls/                    a small certification authority and its server
#   nginx/                  the configuration nginx runs with
#   log/                    one file a program
#   run/                    a record of each process we started
#   state                   what other users must reach: the cluster (pg), the
#                           sockets, nginx's temporary files, the console.
#
# PostgreSQL refuses to run as root.  Started by root, it runs as postgres and
# the workers as www-data, who may be unable to enter the checkout (/root is
# closed).  Then state is a link to a folder below /var/lib/tessera-dev.

umask 022
# Messages of the tools are matched in a few places.
export LC_ALL=C.UTF-8

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# Variables set here are for the scripts that source this file.
# shellcheck disable=SC2034
{
	BUILD=$(realpath -m -- "${TESSERA_BUILD:-$ROOT/build}")
	HTTPS_PORT=${TESSERA_HTTPS_PORT:-8443}
	HTTP_PORT=${TESSERA_HTTP_PORT:-8080}
	DATABASE=tessera
}

# use_var FOLDER: makes it the instance that all functions here speak of.
use_var() {
	VAR=$(realpath -m -- "$1")
	LOG=$VAR/log
	RUN=$VAR/run
	# shellcheck disable=SC2034
	CONF=$VAR/tessera.conf
	DEMO=$VAR/demo.json
}
use_var "${TESSERA_VAR:-$ROOT/var}"

# --- messages --------------------------------------------------------------

# Prints the comment a script opens with.
usage() {
	sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$0"
	exit 0
}

# Ends the script: what is wrong first, then what to do, one line an argument.
die() {
	printf '\nerror: %s\n' "$1" >&2
	shift
	[ $# = 0 ] || printf '       %s\n' "$@" >&2
	exit 1
}

warn() {
	printf 'warning: %s\n' "$*" >&2
}

# step TEXT announces work that may take long; done_step says how long it took.
step() {
	STEP_START=$SECONDS
	printf '%s ...\n' "$*" >&2
}

done_step() {
	local took=$((SECONDS - STEP_START))
	[ "$took" -lt 2 ] || printf '  done in %d s\n' "$took" >&2
}

have() {
	command -v -- "$1" >/dev/null 2>&1
}

is_root() {
	[ "$(id -u)" = 0 ]
}

# configure takes no such path; here somebody learns it before all is installed.
need_plain_path() {
	case $ROOT in
	*[[:space:]\"\'\`\#\$\&\\]*)
		die "the path of this folder holds a blank or a sign that configure" \
			"refuses: $ROOT" "Move the folder, or rename what is above it."
		;;
	esac
}

# Debian keeps nginx in /usr/sbin, which an ordinary user's PATH may lack.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# wait_for SECONDS COMMAND...: repeats COMMAND until it succeeds.
wait_for() {
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}

# --- users and folders -----------------------------------------------------

# as USER COMMAND...: runs COMMAND as USER, directly when we are that user.
# From /, as that user may not be able to enter the current folder.
as() {
	local user=$1
	shift
	if [ "$user" = "$(id -un)" ]; then
		(cd / && "$@")
	else
		(cd / && runuser -u "$user" -- "$@")
	fi
}

# Twelve digits that stand for this $VAR in names outside of it.
var_hash() {
	printf %s "$VAR" | sha256sum | cut -c1-12
}

# Finds, and with "make" creates, the folders of the instance.  Sets STATE,
# PGDATA, SOCKETS, PG_OWNER, WORKER_USER and WORKER_GROUP.
find_places() {
	local make=${1:-} outside

	ME=$(id -un)
	PG_OWNER=$ME WORKER_USER=$ME
	if is_root; then
		PG_OWNER=postgres WORKER_USER=www-data
	fi
	if [ "$make" = make ]; then
		if ! mkdir -p -- "$VAR" "$LOG" "$RUN" 2>/dev/null ||
			[ ! -w "$VAR" ] || [ ! -w "$LOG" ] || [ ! -w "$RUN" ]; then
			die "cannot write in $VAR." \
				"Was it made by another user? Run as that user, remove it," \
				"or set TESSERA_VAR to a folder of your own."
		fi
		if ! id -u "$PG_OWNER" "$WORKER_USER" >/dev/null 2>&1; then
			die "the users $PG_OWNER and $WORKER_USER must exist;" \
				"Debian's packages postgresql and nginx bring them."
		fi
	fi

	STATE=$VAR/state
	if [ "$make" = make ] && [ ! -e "$STATE" ]; then
		rm -f -- "$STATE"
		if is_root && ! { as "$PG_OWNER" test -x "$VAR" &&
			as "$WORKER_USER" test -x "$VAR"; }; then
			outside=/var/lib/tessera-dev/$(var_hash)
			# Left by a var/ that was removed by hand: begin afresh,
			# as one does after removing var/.
			[ ! -d "$outside" ] || remove_outside "$outside"
			mkdir -p -- "$outside"
			printf '%s\n' "$VAR" >"$outside/belongs-to"
			ln -s -- "$outside" "$STATE"
		else
			mkdir -- "$STATE"
		fi
	fi
	STATE=$(readlink -f -- "$STATE" || printf %s "$STATE")
	PGDATA=$STATE/pg

	# The kernel takes 107 bytes for the path of a socket.
	SOCKETS=$STATE/sockets
	if [ ${#SOCKETS} -gt 80 ]; then
		if is_root; then
			SOCKETS=/run/tessera-dev/$(var_hash)
		else
			SOCKETS=${XDG_RUNTIME_DIR:-/tmp}/tessera-$(id -u)-$(var_hash)
		fi
	fi

	# A cluster made by somebody else stays theirs.
	if is_root && [ -d "$PGDATA" ]; then
		PG_OWNER=$(stat -c %U -- "$PGDATA")
	fi
	# shellcheck disable=SC2034
	WORKER_GROUP=$(id -gn "$WORKER_USER" 2>/dev/null || echo nogroup)

	[ "$make" = make ] || return 0
	if is_root; then
		mkdir -p -- "$SOCKETS"
		# PostgreSQL makes its socket there, a supervisor that is root
		# makes the other one; everybody named in pg_ident.conf passes.
		chown "$PG_OWNER" -- "$SOCKETS"
		chmod 0755 -- "$SOCKETS"
	else
		# It may lie in /tmp, where others can take a name first.
		(umask 077 && mkdir -p -- "$SOCKETS") 2>/dev/null || true
		if [ ! -O "$SOCKETS" ] || [ -L "$SOCKETS" ]; then
			die "$SOCKETS belongs to somebody else." \
				"Set TESSERA_VAR to a folder with a shorter path."
		fi
	fi
}

# Removes a state folder outside of var/ whose var/ is gone.
remove_outside() {
	local old=$1
	[ -f "$old/belongs-to" ] ||
		die "$old is in the way and was not made by this script."
	if [ -d "$old/pg" ]; then
		as "$(stat -c %U -- "$old/pg")" "$(pg_bin)/pg_ctl" -s -D "$old/pg" \
			-m fast -w stop >/dev/null 2>&1 || true
	fi
	rm -rf -- "$old"
}

# Only one script at a time changes an instance.
lock_instance() {
	exec 9>"$RUN/lock"
	flock -w "${1:-0}" 9 ||
		die "another scripts/run or scripts/stop is busy with $VAR." \
			"Wait until it is ready."
}

unlock_instance() {
	exec 9>&-
}

# --- processes -------------------------------------------------------------
#
# A record in run/NAME.pid holds pid, start time, boot and executable, so that
# a number the kernel has given to another process is never taken for ours.

proc_start() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# The name in parentheses may hold spaces; field 3 follows the last ")".
	# shellcheck disable=SC2086
	set -- ${stat##*) }
	[ "$1" != Z ] || return 1
	printf %s "${20}"
}

boot_id() {
	cat /proc/sys/kernel/random/boot_id
}

# spawn NAME COMMAND...: starts COMMAND in its own session (Ctrl-C does not
# reach it: we stop things in order), output to log/NAME.log, and records it.
spawn() {
	local name=$1 pid
	shift
	setsid -- "$@" </dev/null >>"$LOG/$name.log" 2>&1 9>&- &
	pid=$!
	printf '%s %s %s %s\n' "$pid" "$(proc_start "$pid" || echo 0)" \
		"$(boot_id)" "$(realpath -- "$(command -v -- "$1")")" \
		>"$RUN/$name.pid"
}

# Prints the pid of the process recorded as NAME if it is still that process.
pid_of() {
	local pid start boot exe
	read -r pid start boot exe 2>/dev/null <"$RUN/$1.pid" || return 1
	: "$exe"
	[ "$boot" = "$(boot_id)" ] && [ "$start" = "$(proc_start "$pid")" ] &&
		printf %s "$pid"
}

alive() {
	pid_of "$1" >/dev/null
}

not() {
	! "$@"
}

# Prints the processes that NAME left behind in its process group (a master
# that was killed cannot take its workers along), told by their executable.
orphans_of() {
	local pid start boot exe stat other
	read -r pid start boot exe 2>/dev/null <"$RUN/$1.pid" || return 0
	: "$start"
	[ "$boot" = "$(boot_id)" ] || return 0
	for stat in /proc/[0-9]*/stat; do
		other=$(cat "$stat" 2>/dev/null) || continue
		# shellcheck disable=SC2086
		set -- ${other##*) }
		[ "$3" = "$pid" ] || continue
		other=${stat#/proc/}
		other=${other%/stat}
		case $(readlink "/proc/$other/exe" || true) in
		"$exe" | "$exe (deleted)") printf '%s\n' "$other" ;;
		esac
	done
}

no_orphans_of() {
	[ -z "$(orphans_of "$1")" ]
}

# halt NAME SIGNAL SECONDS: asks the process to end, and insists after that.
halt() {
	local name=$1 pid orphan
	if pid=$(pid_of "$name"); then
		kill "-$2" "$pid" 2>/dev/null || true
		if ! wait_for "$3" not alive "$name"; then
			warn "$name ($pid) did not end within $3 s; killing it"
			kill -KILL "$pid" 2>/dev/null || true
			wait_for 5 not alive "$name" || true
		fi
	fi
	for orphan in $(orphans_of "$name"); do
		kill -TERM "$orphan" 2>/dev/null || true
	done
	if ! wait_for 5 no_orphans_of "$name"; then
		for orphan in $(orphans_of "$name"); do
			kill -KILL "$orphan" 2>/dev/null || true
		done
	fi
	rm -f -- "$RUN/$name.pid"
}

# Shows the end of a log, so that nobody has to look for it.
show_log() {
	[ -s "$1" ] || return 0
	printf -- '--- last lines of %s\n' "$1" >&2
	tail -n "${2:-20}" -- "$1" >&2
	printf -- '---\n' >&2
}

# port_free PORT: nobody listens there on a loopback address.
port_free() {
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null &&
		! (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

# A free port, for instances of tests.
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		if port_free "$port"; then
			printf %s "$port"
			return
		fi
	done
}

# --- building --------------------------------------------------------------

# build_tree FOLDER LOG [CONFIGURE ARGUMENT...]: builds out of tree.  configure
# runs only when it is new or its arguments changed; make does the rest.
build_tree() (
	dir=$1 log=$2
	shift 2
	mkdir -p -- "$dir"
	cd -- "$ROOT" || exit
	{
		if [ ! -x configure ] || [ configure.ac -nt configure ] ||
			[ Makefile.am -nt Makefile.in ]; then
			autoreconf -i || exit
		fi
		cd -- "$dir" || exit
		want="$ROOT/configure $*"
		if [ ! -f Makefile ] || [ "$ROOT/configure" -nt config.status ] ||
			[ "$(cat .configured 2>/dev/null)" != "$want" ]; then
			rm -f .configured
			"$ROOT/configure" -q "$@" || exit
			printf '%s\n' "$want" >.configured
		fi
		make -s -j"$(nproc)" all || exit
	} >"$log" 2>&1
)

# --- PostgreSQL ------------------------------------------------------------

# The folder of the newest server programs: Debian keeps them out of PATH.
pg_bin() {
	local found
	found=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
	if [ -x "$found" ]; then
		dirname -- "$found"
	elif have postgres; then
		dirname -- "$(readlink -f -- "$(command -v postgres)")"
	else
		die "no PostgreSQL server programs found; run scripts/bootstrap."
	fi
}

# A cluster is read by the version that made it.
pg_bin_of_cluster() {
	local version bin
	version=$(cat -- "$PGDATA/PG_VERSION")
	bin=/usr/lib/postgresql/$version/bin
	if [ ! -x "$bin/postgres" ]; then
		bin=$(pg_bin)
		[ "$("$bin/postgres" -V | sed 's/[^0-9]*\([0-9]*\).*/\1/')" = "$version" ] ||
			die "the cluster in $PGDATA was made by PostgreSQL $version," \
				"which is not installed. Install it, or remove $VAR to begin anew."
	fi
	printf %s "$bin"
}

# Who may become which role, by the user the kernel says is calling: no
# password exists that could leak.  The first name of a line is the operating
# system's, the second the role.
pg_write_access() {
	local role user
	{
		echo "local all all peer map=tessera"
	} | pg_put pg_hba.conf
	{
		for user in "$PG_OWNER" "$ME"; do
			for role in postgres tessera_admin tessera_app; do
				echo "tessera \"$user\" $role"
			done
		done
		echo "tessera \"$WORKER_USER\" tessera_app"
	} | sort -u | pg_put pg_ident.conf
}

# Settings that matter here; everything else as PostgreSQL has it.  Durability
# stays on: an instance for development shall fail as a real one does.
pg_write_settings() {
	pg_put tessera.conf <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$(printf %s "$SOCKETS" | sed "s/'/''/g")'
		unix_socket_permissions = 0777
		port = 5432
		max_connections = 60
		shared_buffers = 128MB
		max_wal_size = 1GB
		timezone = 'UTC'
		log_timezone = 'UTC'
		log_line_prefix = '%m [%p] %q%u@%d '
		log_parameter_max_length = 0
		cluster_name = 'tessera-dev'
	CONF
}

# pg_put FILE: writes standard input to a file of the cluster.
pg_put() {
	# shellcheck disable=SC2016
	as "$PG_OWNER" sh -c 'umask 077; cat >"$1"' sh "$PGDATA/$1"
}

pg_make_cluster() {
	local bin
	bin=$(pg_bin)
	# An initdb that was interrupted left no mark of ours, and nothing that
	# is worth keeping.
	[ ! -e "$PGDATA" ] || rm -rf -- "$PGDATA"
	mkdir -m 0700 -- "$PGDATA"
	[ "$PG_OWNER" = "$ME" ] || chown "$PG_OWNER:" -- "$PGDATA"
	# Collation C: codes are compared byte by byte, and an upgrade of the C
	# library cannot disorder an index.  Character types of UTF-8, so that
	# upper() knows more than ASCII.
	as "$PG_OWNER" "$bin/initdb" -D "$PGDATA" -U postgres -E UTF8 \
		--locale=C --lc-ctype=C.UTF-8 --data-checksums \
		--auth=peer --no-instructions >"$LOG/initdb.log" 2>&1 || {
		show_log "$LOG/initdb.log"
		die "initdb failed."
	}
	# shellcheck disable=SC2016
	as "$PG_OWNER" sh -c 'echo "include = '\''tessera.conf'\''" >>"$1"' sh \
		"$PGDATA/postgresql.conf"
	as "$PG_OWNER" touch "$PGDATA/tessera-made"
	# What an earlier cluster's secrets were is of no use any more.
	rm -f -- "$DEMO"
	# Until scripts/demo has come to its end.
	touch -- "$STATE/seeding"
}

# Prints the processes of our cluster.  All of them work in its data folder,
# and nobody else does; numbers in lock files can be anybody's after a crash.
pg_processes() {
	# shellcheck disable=SC2016
	as "$PG_OWNER" sh -c '
		for cwd in /proc/[0-9]*/cwd; do
			[ "$(readlink "$cwd" 2>/dev/null)" = "$1" ] || continue
			pid=${cwd#/proc/}
			echo "${pid%/cwd}"
		done' sh "$PGDATA"
}

pg_idle() {
	[ -z "$(pg_processes)" ]
}

# Whether the server itself runs, and not just children of one that was killed.
pg_running() {
	local pid
	pid=$(as "$PG_OWNER" head -n 1 "$PGDATA/postmaster.pid" 2>/dev/null) &&
		[ -n "$pid" ] && pg_processes | grep -x "$pid" >/dev/null
}

pg_start() {
	local bin
	pg_write_access
	pg_write_settings
	bin=$(pg_bin_of_cluster)
	if pg_running; then
		as "$PG_OWNER" "$bin/pg_ctl" -s -D "$PGDATA" reload
		return
	fi
	# Children of a server that was killed end by themselves, soon.  Once
	# nobody works there the locks of that server are void; PostgreSQL would
	# refuse to start if their number is another process by now.
	wait_for 30 pg_idle ||
		die "processes of a PostgreSQL server that has died are still there:" \
			"$(pg_processes | tr '\n' ' ')" "End them, then try again."
	as "$PG_OWNER" rm -f "$PGDATA/postmaster.pid" \
		"$SOCKETS/.s.PGSQL.5432.lock"
	if ! as "$PG_OWNER" "$bin/pg_ctl" -s -w -t 60 -D "$PGDATA" \
		start >>"$LOG/postgresql.log" 2>&1 9>&-; then
		show_log "$LOG/postgresql.log"
		die "PostgreSQL did not start; its last words are above." \
			"To begin with an empty database: scripts/stop --wipe"
	fi
}

pg_stop() {
	[ -d "$PGDATA" ] && pg_running || return 0
	as "$PG_OWNER" "$(pg_bin_of_cluster)/pg_ctl" -s -w -t 60 -D "$PGDATA" \
		-m fast stop >>"$LOG/postgresql.log" 2>&1 ||
		as "$PG_OWNER" "$(pg_bin_of_cluster)/pg_ctl" -s -w -t 30 \
			-D "$PGDATA" -m immediate stop >>"$LOG/postgresql.log" 2>&1 ||
		die "PostgreSQL in $PGDATA did not stop; see $LOG/postgresql.log."
}

# conninfo ROLE [DATABASE]: how to reach the cluster.
conninfo() {
	# Quoted as libpq wants it, for a folder with a blank in its name.
	printf "host='%s' port=5432 dbname=%s user=%s" \
		"$(printf %s "$SOCKETS" | sed "s/[\\']/\\\\&/g")" \
		"${2:-$DATABASE}" "$1"
}

# superuser ARGUMENT...: psql as the cluster's superuser.
superuser() {
	psql -X -q -v ON_ERROR_STOP=1 "$@"
}

# --- the whole instance ----------------------------------------------------

stop_all() {
	# First: a scripts/run in front learns from it that this is on purpose.
	rm -f -- "$RUN/owner"
	# tesserad drains for up to drain_timeout_ms (15 s).
	halt nginx QUIT 5
	halt tesserad TERM 20
	pg_stop
}
