#!/bin/bash
# What cannot be judged is told, and is never money: unknown events and statuses, amounts below zero, refunds that nothing explains.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
setting payments.enabled yes payments.refunds payment
product 1 MUG
mug=$(line MUG 1 10.00)
money() { order "$1" "u$1@x.example" "$mug" "\"paid\":false,\"payment_status\":\"$2\",\"transactions\":[$3]${4:+,$4}"; }
refund() { printf '"refunds":[{"id":%d,"total_amount":%s,"total_tax":0,"items":[],"payments":[%s]}]' "$1" "$2" "$3"; }
put_order "[$(money 1 captured '{"id":11,"event":"chargeback"},{"id":12}'),
	$(money 2 captured '{"id":21,"status":"maybe"}'),
	$(money 3 captured '{"id":31,"amount":-10}'),
	$(money 4 captured '{"id":41,"method":"store_credit","event":"sweep"},{"id":42}'),
	$(money 5 captured '{"id":51,"status":"weird","test":true},{"id":52,"event":"odd","status":"error"},{"id":53,"status":null},{"id":54,"event":"void","amount":null,"reference_transaction_id":51}'),
	$(money 6 captured '{"id":61},{"id":62,"event":"refund","amount":4}'),
	$(money 7 captured '{"id":71}' "$(refund 5 3 '')"),
	$(money 8 captured '{"id":81}' "$(refund 6 2 '{"id":1,"provider_id":"authorizenet","amount":-2,"offline":false,"is_declined":false}')"),
	$(money 9 captured '{"id":91}' "$(refund 7 0 '')"),
	$(money 10 captured '{"id":101,"event":"capture","method":"offline","status":"odd"}')]"
run_store 65
expect_eq rejects "$(rejects | LC_ALL=C sort)" "payment:10:101 unknown_transaction
payment:1:11 unknown_transaction
payment:2:21 unknown_transaction
payment:3:31 below_zero
payment:4:41 unknown_transaction
payment:6:refunds unlisted_refund
payment:7:R5 unpaid_refund
payment:8:R6 below_zero"
expect_eq "what was clear goes" "$(payments 1) $(payments 4) $(payments 5) $(payments 6)" \
	"BC-1-T12|RECEIPT|CARD|10.00 BC-4-T42|RECEIPT|CARD|10.00 BC-5-T53|RECEIPT|CARD|10.00 BC-6-T61|RECEIPT|CARD|10.00"
expect_eq "what was not, does not" "$(payments 2)$(payments 3)$(payments 10)" ""
expect_eq "what it says" "$(sql_store "SELECT message FROM reject WHERE key = 'payment:1:11'")" 'BigCommerce sent a transaction of 10.00 GBP with the event "chargeback", which is not known'
run_store 0
say "the refund comes into the list: told no more; a person saw to another"
put_order "$(money 6 captured '{"id":61},{"id":62,"event":"refund","amount":4}' "$(refund 8 4 '{"id":1,"provider_id":"authorizenet","amount":4,"offline":false,"is_declined":false}')")"
run_store 0 ignore payment:2:21 --why "entered by hand"
run_store 0
expect_eq "refunded, as it was paid" "$(payments 6)" "BC-6-R8|PAYMENT|CARD|4.00
BC-6-T61|RECEIPT|CARD|10.00"
expect_no rejects "$(rejects)" payment:6:
expect_no rejects "$(rejects)" payment:2:
say "money back while the payment itself is held: it follows when that is mended"
sed -i '/^credit_card/d; /^Credit Card/d' "$store/mappings/payments.csv"
put_order "$(order 21 a@x.example "$mug" "\"payment_method\":\"Bean counter\",\"paid\":{\"id\":211},$(refund 9 1 '{"id":1,"provider_id":"authorizenet","amount":1,"offline":true,"is_declined":false}')")"
mapping payments.csv 'offline,*,*,yes,,CASH,'
run_store 65
expect_has rejects "$(rejects)" "payment:21:211 no_payment_line"
expect_has rejects "$(rejects)" "payment:21:R9 receipt_first"
expect_eq "neither goes" "$(payments 21)" ""
mapping payments.csv 'Bean counter,*,*,yes,,CARD,'
run_store 0
expect_eq "both go" "$(payments 21)" "BC-21-R9|PAYMENT|CASH|1.00
BC-21-T211|RECEIPT|CARD|10.00"
