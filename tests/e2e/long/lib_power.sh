# Sourced by power_loss.sh and long/power.sh after lib_sweep.sh: the power goes (see shims/power.c).
#
#   power FLAVOUR FLOOR <POINTS     one trial for each point of the flavour's run; see lib_sweep.sh

# What the disk holds before the run: everything.
power_begin() { # COPY
	local file
	mkdir "$1/disk"
	for file in "$1"/store/data/*; do
		[ -f "$file" ] && cp "$file" "$1/disk/ino.$(stat -c %i "$file")"
	done
	find "$1/store/data" -maxdepth 1 -type f -printf '%i %f\n' >"$1/disk/names.$(stat -c %i "$1/store/data")"
}

# The folder becomes what the disk holds; a file of which nothing was synced is empty.
power_lost() { # COPY
	local inode name data=$1/store/data names
	names=$1/disk/names.$(stat -c %i "$data")
	rm -rf "$1/after" && mkdir "$1/after"
	while read -r inode name; do
		cp "$1/disk/ino.$inode" "$1/after/$name" 2>/dev/null || : >"$1/after/$name"
	done <"$names"
	rm -rf "${data:?}"/*
	cp "$1"/after/* "$data/"
	chmod 600 "$data"/*
}

power_trial() { # FLAVOUR COPY POINT
	local code
	serve "$2/sb"
	client "$2" PEARLBRIDGE_CRASH_AT="$3" PEARLBRIDGE_STEP_FILE="$2/steps" LD_PRELOAD="$build/shim_power.so" \
		POWER_WATCHED="$2/store/data" POWER_DISK="$2/disk"
	code=$?
	[ -e "$2/disk/off" ] && touch "$2/met"
	[[ "$accepted 100 " == *" $code "* ]] || echo "the run ended with $code"
	power_lost "$2"
	rerun_and_compare "$1" "$2" 75
	unserve
}

power_worker() { # FLAVOUR WORKER
	local n=0 point met=0 wrong=0 copy=$work/power.$2 said
	trap 'exit 1' TERM
	while read -r point; do
		((n++ % workers + 1 == $2)) || continue
		copy_of "$1" "$copy"
		power_begin "$copy"
		said=$(power_trial "$1" "$copy" "$point" 2>&1)
		[ -e "$copy/met" ] && met=$((met + 1))
		[ -z "$said" ] && continue
		wrong=$((wrong + 1))
		printf -- '--- power gone at point %s of %s: %s\n%s\n' "$point" "$1" "$(sed -n "${point}p" "$work/$1.trace")" "$said" |
			cut -c 1-300 | head -n "${SWEEP_LINES:-12}"
	done <"$work/list"
	echo "$met $wrong" >"$work/sum.$2"
}

power() { # FLAVOUR FLOOR <POINTS
	local met=0 wrong=0
	cat >"$work/list"
	together power_worker "$1"
	echo "$1: the power went at $met points, $wrong wrong"
	expect_met "$2"
}
