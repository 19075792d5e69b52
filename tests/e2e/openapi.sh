#!/bin/bash
# Every request to BigCommerce fits its OpenAPI files, if they are at hand (PEARLBRIDGE_OPENAPI=FOLDER).
specs=${PEARLBRIDGE_OPENAPI:-$(dirname "$0")/../../../shared/contracts/bigcommerce}
if [ ! -d "$specs" ] || ! python3 -c 'import yaml' 2>/dev/null; then
	echo "openapi: skipped, it needs the OpenAPI files (PEARLBRIDGE_OPENAPI=FOLDER) and the Debian package python3-yaml"
	exit 0
fi
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_agreed.sh"
. "$(dirname "$0")/lib_fulfillment.sh"
. "$(dirname "$0")/lib_stock.sh"
start_sandbox
make_store
notes_on
statuses_on 'BigCommerce,*,yes,,Ready to ship,' 'Brightpearl,Shipped,yes,,Shipped,' 'Brightpearl,*,yes,,,'
setting payments.enabled yes payments.refunds credit fulfillment.enabled yes fulfillment.tracking_wait_hours 0 inventory.enabled yes customers.update all
for i in 1 2 3; do
	product $i "SKU-$i"
	put_stock 100$i 2 50
done
long=$(for i in $(seq 60); do printf ',%s' "$(line SKU-1 1 "$i.00")"; done)
put_order "[$(order 1 a@x.example "$(line SKU-1 2 10.00 '"id":91')" '"customer":{"id":5,"email":"a@x.example","first_name":"Ann","last_name":"Buyer"}'),
	$(order 2 b@x.example "${long:1}"), $(order 3 c@x.example "$(line SKU-2 3 5.00)"), $(order 4 d@x.example "$(line SKU-3 1 5.00)")]"
run_store 0
run_store 0 doctor

say "a day: refunded, shipped with late tracking, noted, restocked, moved on; a lost answer; named orders; addresses by link"
put_order "$(order 1 a@x.example "$(line SKU-1 2 10.00 '"id":91')" '"customer":{"id":5,"email":"a@x.example","first_name":"Ann","last_name":"Buyer"},
	"refunds":[{"id":5,"total_amount":10.00,"total_tax":1.67,"items":[{"item_type":"PRODUCT","item_id":91,"quantity":1}],"payments":[{"id":1,"provider_id":"authorizenet","amount":10.00,"offline":false,"is_declined":false}]}]')"
ship_note 3 SKU-2=1
late=$note
ship_note 4 "" "TR 4, TR 5"
bp_status 4 21
field_set 3 PCF_STAFFNOTE 'Ring the <bell> 🔔'
field_set 4 PCF_CUSTNOTE 'Thank you'
put_stock 1002 2 7
fault api=bigcommerce method=POST path='/v2/orders/*/shipments' kind=drop_after
run_store 65 # refunded before it left
sql_sandbox "UPDATE bp_goods_out SET reference = 'LATE-1' WHERE id = $late"
switch bc_consignments links
put_order "$(order 5 e@x.example "$(line SKU-1 1 10.00),$(line SKU-2 1 5.00 '"pickup":true')")"
run_store 0
run_store 0 order 1 5

sql_sandbox "SELECT json_object('method', method, 'path', path, 'query', query, 'body', body) FROM request
	WHERE api = 'bigcommerce' GROUP BY method, path, query, body" >"$work/requests"
check() { python3 "$(dirname "$0")/openapi.py" "$specs"; }
answer=$(check <"$work/requests")
expect_eq "what does not fit" "$(grep '^WRONG' <<<"$answer")" ""
expect_eq "operations called" "$(grep -v '^WRONG' <<<"$answer")" "GET /v2/customer_groups
GET /v2/order_statuses
GET /v2/orders
GET /v2/orders/count
GET /v2/orders/{order_id}
GET /v2/orders/{order_id}/consignments
GET /v2/orders/{order_id}/products
GET /v2/orders/{order_id}/shipments
GET /v2/orders/{order_id}/shipping_addresses
GET /v2/tax_classes
GET /v2/time
GET /v3/catalog/products
GET /v3/catalog/variants
GET /v3/channels
GET /v3/customers
GET /v3/inventory/items
GET /v3/inventory/locations
GET /v3/orders/payment_actions/refunds
GET /v3/orders/{order_id}/transactions
POST /v2/orders/{order_id}/shipments
PUT /v2/orders/{order_id}
PUT /v2/orders/{order_id}/shipments/{shipment_id}
PUT /v3/inventory/adjustments/absolute"

say "what would not fit is told"
request() { printf '{"method":"%s","path":"%s","query":"%s","body":%s}\n' "$@"; }
expect_eq "refused" "$({
	request GET /v2/orders 'status_id=x&sort=colour:asc&min_age=3&include=products' null
	request POST /v2/orders/7/shipments '' '"{\"tracking_number\":\"'"$(printf '%051d' 0)"'\",\"order_address_id\":\"1\"}"'
	request PUT /v3/inventory/adjustments/absolute '' '"{\"reason\":\"\",\"items\":[{\"sku\":\"A\",\"quantity\":1}]}"'
	request PUT /v2/orders/7 '' '"{\"id\":7,\"status_id\":\"2\",\"colour\":1}"'
	request POST /v2/orders/7/messages '' null
} | check | sed -n 's/^WRONG //p')" 'GET /v2/orders: parameter include is "products", not one of its list
GET /v2/orders: parameter min_age is not declared
GET /v2/orders: parameter sort is "colour", not one of its list
GET /v2/orders: parameter status_id is "x", not of type integer
POST /v2/orders/7/messages: no such operation
POST /v2/orders/{order_id}/shipments: body.order_address_id is "1", not of type integer
POST /v2/orders/{order_id}/shipments: body.tracking_number is 51 long, at most 50 is allowed
POST /v2/orders/{order_id}/shipments: items is required
PUT /v2/orders/{order_id}: body.colour is not declared
PUT /v2/orders/{order_id}: body.id is not declared
PUT /v2/orders/{order_id}: body.status_id is "2", not of type integer
PUT /v3/inventory/adjustments/absolute: body.items[].location_id is required'
