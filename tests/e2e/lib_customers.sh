# Shared by the scenarios about contacts.

# An order of the shopper with this account (0 = a guest).
buyer() { # ID EMAIL ACCOUNT FIRST LAST PHONE [MORE FIELDS, as JSON]
	local names="\"first_name\":\"$4\",\"last_name\":\"$5\""
	order "$1" "$2" "$mug" "${7:+$7,}\"customer\":{\"id\":$3,\"email\":\"$2\",$names},\"billing\":{$names,\"phone\":\"$6\",
		\"street_1\":\"$1 High St\",\"city\":\"Leeds\",\"zip\":\"LS1\",\"country\":\"United Kingdom\",\"country_iso2\":\"GB\"}"
}
person() { # NAME of NAME@x.example in Brightpearl
	sql_sandbox "SELECT first_name, last_name, phone, line1, postal_code FROM bp_contact c
		LEFT JOIN bp_address a ON a.id = c.bil_address_id WHERE lower(c.email) = '$1@x.example' ORDER BY c.id LIMIT 1"
}
patches() { sql_sandbox "SELECT json(body) FROM request WHERE id > $mark AND method = 'PATCH' ORDER BY id"; }
# A contact made just now: searches by date of creation find it.
new_contact() { contact "$@" "created_on=$(sql_sandbox "SELECT coalesce(max(at_ms) / 1000, 1735689600) FROM request")"; }

n=0
# New contacts in Brightpearl, each with an order of its account whose data differ; $n is the last one.
follow() { # NUMBER OF CONTACTS [COLUMN=VALUE ...]; each with an order of its account
	local list='' count=$1
	shift
	for _ in $(seq "$count"); do
		n=$((n + 1))
		new_contact $((500 + n)) c$n@x.example "$@"
		list+=",$(buyer $n c$n@x.example $n Ann Archer 0123)"
	done
	put_order "[${list:1}]"
	mark
}
