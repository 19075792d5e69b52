# *.sql -> one C string each, named by the last two parts of its path: jobs/orders/transform.sql is
# sql_orders_transform.  The same under mawk and gawk.
FNR == 1 {
	if (NR > 1) print ";"
	n = split(FILENAME, part, "/")
	sub(/\.sql$/, "", part[n])
	name = "sql_" part[n - 1] "_" part[n]
	gsub(/-/, "_", name)
	print "extern const char " name "[];\nconst char " name "[] ="
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	print "\t\"" $0 "\\n\""
}
END { print ";" }
