#!/bin/bash
# orders.lock_date holds what is dated in closed books; orders.start_id, lowered later, lets older orders in.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mug=$(line MUG 1 10.00)
on() { printf '"created":"%s"' "$1"; }
setting orders.start_date everything orders.start_id 50 orders.lock_date 2026-01-31T23:59:59+01:00
put_order "[$(order 10 a@x.example "$mug" "$(on 2025-11-01T00:00:00Z)"), $(order 49 a@x.example "$mug" "$(on 2026-02-01T00:00:00Z)"),
	$(order 50 a@x.example "$mug" "$(on 2026-01-31T22:59:59Z)"), $(order 51 a@x.example "$mug" "$(on 2026-01-31T23:00:00Z)"),
	$(order 52 a@x.example "$mug" "$(on 2026-02-01T00:00:00Z)")]"
run_store 65
expect_eq orders "$(orders_there)" "BC-51 BC-52"
expect_eq rejects "$(rejects)" "order:50 locked_period"
say "the date is written in full, in UTC"
expect_eq "placedOn, taxDate" "$(sql_sandbox "SELECT json_extract(body, '$.placedOn'), json_extract(body, '$.taxDate') FROM request WHERE body LIKE '%\"BC-51\"%' AND path = '/order-service/sales-order/' LIMIT 1")" "2026-01-31T23:00:00Z|2026-01-31T23:00:00Z"
say "start_id lowered: the older ones are read and come too, none a second time"
setting orders.start_id 20
run_store 0
expect_eq orders "$(orders_there)" "BC-49 BC-51 BC-52"
setting orders.start_id 1
run_store 65
expect_eq rejects "$(rejects)" "order:50 locked_period
order:10 locked_period"
say "lock_date moved: they come; a cancelled one is let go with its reject"
put_order "$(order 10 a@x.example "$mug" "\"status_id\":5,$(on 2025-11-01T00:00:00Z)")"
setting orders.lock_date ''
run_store 0
expect_eq "orders" "$(orders_there)" "BC-49 BC-50 BC-51 BC-52"
expect_eq rejects "$(rejects)" ""
say "an order that Brightpearl refused and that is then cancelled: its reject closes"
put_order "$(order 60 a@x.example "$mug" '"created":"2026-02-03T10:00:00Z"')"
fault api=brightpearl method=POST path='/order-service/sales-order/' kind=status_before arg=400
run_store 65
expect_eq rejects "$(rejects)" "order:60 refused"
put_order "$(order 60 a@x.example "$mug" '"status_id":5,"created":"2026-02-03T10:00:00Z"')"
run_store 0
expect_eq rejects "$(rejects)" ""
mark
run_store 0
expect_eq writes "$(count_writes)" 0
