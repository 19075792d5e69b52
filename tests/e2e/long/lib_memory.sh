# Sourced by out_of_memory.sh and long/memory.sh after lib_sweep.sh: allocations fail (see shims/memory.c).
#
#   memory FLAVOUR TRIALS     so many trials, spread over all allocations of the flavour's run; in every second one
#                             all later allocations fail as well
# A run without memory ends with a code that says so (never by a signal, never 0 with something undone); plain
# reruns then end as the golden run.

memory_runs() { # COPY [VARIABLE=VALUE]...
	client "$1" LD_PRELOAD="$build/shim_memory.so" MEMORY_COUNT="$1/allocations" "${@:2}"
}

memory_trial() { # FLAVOUR COPY N [VARIABLE=VALUE]
	local code
	serve "$2/sb"
	memory_runs "$2" MEMORY_FAILS="$3" "${@:4}"
	code=$?
	[ "$(od -An -td8 "$2/allocations")" -ge "$3" ] && touch "$2/met"
	if [[ " 0 65 71 73 74 75 " != *" $code "* ]]; then
		echo "the run without memory ended with $code"
	elif grep -qaE 'Segmentation|Aborted|Bus error|core dumped|Error 13[0-9]|signal' "$2/store/log"; then
		echo "a part of it died by a signal"
	elif [ "$code" = 0 ] && ! state "$2" | diff -q "$work/$1.golden" - >/dev/null; then
		echo "it said 0, and did not do all:" && state "$2" | diff "$work/$1.golden" -
	fi
	rerun_and_compare "$1" "$2" 75
	unserve
}

memory_worker() { # FLAVOUR WORKER TRIALS ALLOCATIONS
	local n at met=0 wrong=0 copy=$work/memory.$2 said stays
	trap 'exit 1' TERM
	for ((n = $2; n <= $3; n += workers)); do
		at=$((n * $4 / ($3 + 1) + n * 7919 % 97)) stays=()
		((n % 2)) || stays=(MEMORY_STAYS=1)
		copy_of "$1" "$copy"
		said=$(memory_trial "$1" "$copy" "$at" "${stays[@]}" 2>&1)
		[ -e "$copy/met" ] && met=$((met + 1))
		[ -z "$said" ] && continue
		wrong=$((wrong + 1))
		printf -- '--- allocation %s of %s %s\n%s\n' "$at" "$1" "${stays[*]}" "$said" | cut -c 1-300 | head -n "${SWEEP_LINES:-12}"
		tail -n 4 "$copy/store/log" | cut -c 1-300 | sed 's/^/  log: /'
	done
	echo "$met $wrong" >"$work/sum.$2"
}

memory() { # FLAVOUR TRIALS
	local met=0 wrong=0 allocations
	copy_of "$1" "$work/copy.0"
	serve "$work/copy.0/sb"
	memory_runs "$work/copy.0"
	unserve
	allocations=$(($(od -An -td8 "$work/copy.0/allocations")))
	together memory_worker "$1" "$2" "$allocations"
	echo "$1: $met of $allocations allocations failed, $wrong wrong"
	expect_met $(($2 * 8 / 10))
}
