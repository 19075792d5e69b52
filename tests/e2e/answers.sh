#!/bin/bash
# Odd answers, one at a time, to requests of a day of all jobs; then the truth: nothing is lost, twice, or untold.
set -u
. "$(dirname "$0")/long/lib_sweep.sh"
. "$(dirname "$0")/long/day.sh"
. "$(dirname "$0")/long/lib_answers.sh"
sweep_begin "$1"
prepare_answers answers bp_duplicate_body=empty
# A sample over both systems, reads and writes; every one of them: long/answers.sh.  NTH METHOD PATH MUTATION
chosen answers >"$work/sample" <<END
1 GET /v2/orders 1
1 GET /v2/orders 7
1 GET /v2/orders 33
1 GET /v2/orders 46
1 GET /v2/orders 146
1 GET /order-service/order-search 9
1 GET /order-service/order-search 114
1 GET /contact-service/contact-search 17
1 GET /contact-service/contact-search 120
1 GET /accounting-service/customer-payment-search 28
1 GET /warehouse-service/goods-note/goods-out-search 33
1 GET /warehouse-service/product-availability/1007-1008 36
1 GET /v3/orders/2011/transactions 6
1 GET /v3/orders/2012/transactions 174
1 GET /v3/orders/payment_actions/refunds 12
1 GET /v3/inventory/items 10
1 POST /order-service/sales-order/ 9
2 POST /order-service/sales-order/ 179
1 POST /contact-service/contact/ 16
1 POST /accounting-service/customer-payment 18
1 PUT /v2/orders/2003 9
1 PUT /v3/inventory/adjustments/absolute 179
1 GET /v2/order_statuses 3
1 GET /order-service/order-status 6
END
[ "$(wc -l <"$work/sample")" -ge 20 ] || { echo "--- only $(wc -l <"$work/sample") of the sample are met" && bad=1; }
answers answers <"$work/sample"
sweep_end
