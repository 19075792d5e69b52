# Shared by the reconcile scenarios, after lib.sh.
ago() { date -u -d "$1 ago" +%Y-%m-%dT%H:%M:%SZ; } # "2 days"
# As order() of lib.sh, placed some time ago.
placed() { # WHEN ID LINES [MORE FIELDS, as JSON]
	order "$2" "u$2@x.example" "$3" "${4:+$4,}\"created\":\"$(ago "$1")\",\"modified\":\"$(ago "$1")\""
}
# What the last comparison found, as class kind key: bigcommerce; brightpearl
found() { # [CLASS]
	sql_store "SELECT kind || ' ' || key || ': ' || bigcommerce || '; ' || brightpearl FROM reconcile_difference
		WHERE reconcile_id = (SELECT max(id) FROM reconcile_run) AND class = '${1:-difference}' ORDER BY kind, key"
}
explained() { # CLASS
	sql_store "SELECT kind || ' ' || key || ': ' || hint FROM reconcile_difference
		WHERE reconcile_id = (SELECT max(id) FROM reconcile_run) AND class = '$1' ORDER BY kind, key"
}
gaps() { sql_store "SELECT section, name, bc_count, bc_sum, bp_count, bp_sum FROM reconcile_sum WHERE bc_sum <> bp_sum OR bc_count <> bp_count"; }
