# Made-up compact orders, as a JSON list: awk -v seed=N -v first=ID -v count=N -f money_many.awk
function dice(n) { return int(rand() * n) }
function chance(n) { return dice(n) == 0 } # one in so many
function cents(most) { return sprintf("\"%d.%02d\"", dice(most), dice(100)) }
function line(sku, quantity, price, more) {
	return sprintf("%s{\"sku\":\"%s\",\"quantity\":%d,\"price\":%s%s}", n++ ? "," : "", sku, quantity, price, more)
}
function rate() { return "\"" substr("20,20,00,05", 1 + 3 * dice(4), 2) "\"" }
function lines(addresses,   text, i, more) {
	n = 0
	text = line("SKU-1", 1 + dice(3), sprintf("\"%d.%02d\"", 5 + dice(9), dice(100)), "")
	for (i = 2; i <= 6; i++) {
		if (chance(2)) continue
		more = ",\"tax_rate\":" rate() ",\"address\":" dice(addresses)
		if (chance(4)) more = more ",\"wrapping\":" cents(5) ",\"wrapping_name\":\"Paper " dice(2) "\""
		if (chance(6)) more = more ",\"discount\":\"0." 10 + dice(90) "\""
		text = text line("SKU-" i, 1 + dice(9), sprintf("\"%d.%02d\"", 1 + dice(40), dice(100)), more)
	}
	if (chance(8)) text = text line("", 1, "\"25.00\"", ",\"name\":\"Certificate\",\"type\":\"giftcertificate\",\"tax_rate\":\"0\"")
	if (chance(8)) text = text line("", 2, cents(9), ",\"name\":\"Engraving\"")
	if (chance(8)) text = text line("SKU-2", 1, cents(30), ",\"type\":\"digital\"")
	if (chance(8)) text = text line("SKU-3", 0, "\"9.99\"", "")
	return text
}
function buyer(id) {
	return sprintf("\"customer\":{\"email\":\"b%d@x.example\",\"first_name\":\"Ann\",\"last_name\":\"Buyer\"},"\
		"\"billing\":{\"street_1\":\"%d High St\",\"city\":\"Leeds\",\"zip\":\"LS1 1AA\",\"country\":\"United Kingdom\",\"country_iso2\":\"GB\"}",
		id % 7, id)
}
function order(id,   addresses, text) {
	addresses = chance(4) ? 3 : 1
	text = sprintf("{\"id\":%d,\"created\":\"2026-02-03T10:00:00Z\",%s,\"lines\":[%s],\"inclusive\":%s,\"tax_rate\":\"20\",\"paid\":true",
		id, buyer(id), lines(addresses), chance(2) ? "true" : "false")
	if (addresses > 1)
		text = text ",\"shipping\":[{\"cost\":" cents(9) "},{\"city\":\"York\",\"street_1\":\"2 St\",\"cost\":" cents(9) "},{\"city\":\"Hull\",\"street_1\":\"3 St\"}]"
	else
		text = text ",\"shipping_cost\":" cents(9)
	if (chance(5)) text = text ",\"discount\":\"0." 10 + dice(90) "\""
	if (chance(5)) text = text ",\"coupon\":{\"code\":\"C\",\"discount\":\"" dice(2) "." 10 + dice(90) "\"}"
	if (chance(6)) text = text ",\"handling_cost\":" cents(4)
	if (chance(5)) text = text ",\"fees\":[{\"name\":\"Fee\",\"cost\":\"" dice(3) "." 10 + dice(90) "\",\"tax_rate\":" rate() "}]"
	if (chance(5)) text = text ",\"store_credit\":\"0." 10 + dice(90) "\""
	if (chance(6)) text = text ",\"gift_certificate\":\"1." 10 + dice(90) "\""
	return text "}"
}
BEGIN {
	srand(seed)
	for (i = 0; i < count; i++)
		printf "%s%s", i ? "," : "[", order(first + i)
	print "]"
}
