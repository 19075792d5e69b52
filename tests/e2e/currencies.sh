#!/bin/bash
# Currency other than the account's base: the store's rate, else none, then a reject; never a guess.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
product 1 MUG
mapping taxes.csv '*,*,*,*,*,20,T20,'
mug=$(line MUG 1 10.00)
rate() { printf '"currency":"%s","raw":{"store_default_currency_code":"%s","store_default_to_transactional_exchange_rate":%s}' "$@"; }
put_order "[$(order 1 a@x.example "$mug"), $(order 2 a@x.example "$mug" "$(rate USD GBP '"1.2500000000"')"),
	$(order 3 a@x.example "$mug" "$(rate EUR GBP '"1.1627906977"')"), $(order 4 a@x.example "$mug" "$(rate EUR USD '"0.9"')"),
	$(order 5 a@x.example "$mug" "$(rate USD GBP null)")]"
run_store 0
expect_eq "base" "$(of_order 1 "currency, exchange_rate, fixed_rate, total")" "GBP|1000000|1|100000"
expect_eq "dollars" "$(of_order 2 "currency, exchange_rate, fixed_rate, total")" "USD|800000|1|100000"
expect_eq "euros" "$(of_order 3 "currency, exchange_rate")" "EUR|860000"
expect_eq "store's default is not the account's base, or no rate told: from currency-search" "$(of_order 4 "currency, exchange_rate") $(of_order 5 "currency, exchange_rate")" "EUR|860000 USD|800000"
expect_eq rejects "$(rejects)" ""
say "a currency that Brightpearl does not have is a reject"
put_order "$(order 6 a@x.example "$mug" "$(rate CHF GBP null)")"
run_store 65
expect_eq rejects "$(rejects)" "order:6 currency_rate"
say "the store's default is another currency than the account's base: its rate says nothing, the account's own counts"
put_order "[$(order 11 a@x.example "$mug" "$(rate USD EUR '"1.0800000000"')"), $(order 12 a@x.example "$mug" "$(rate EUR EUR '"1.0000000000"')"),
	$(order 13 a@x.example "$mug" "$(rate GBP EUR '"0.8500000000"')"), $(order 14 a@x.example "$mug" "$(rate USD '' null)"),
	$(order 15 a@x.example "$mug" "$(rate USD gbp '1.25')"), $(order 16 a@x.example "$mug" "$(rate SEK EUR '"11.2"')"),
	$(order 17 a@x.example "$mug" "$(rate USD GBP '"0.0000000000"')"), $(order 18 a@x.example "$mug" "$(rate SEK GBP '"abc"')"),
	$(order 19 a@x.example "$mug" '"currency":"USD","raw":{"store_default_currency_code":"GBP","store_default_to_transactional_exchange_rate":"1.25","currency_code":"EUR","currency_exchange_rate":"9.9"}')]"
run_store 65
rate_of() { of_order "$1" "currency, exchange_rate, fixed_rate" | tr '|' ' '; }
expect_eq "USD, EUR, GBP" "$(rate_of 11) / $(rate_of 12) / $(rate_of 13)" "USD 800000 1 / EUR 860000 1 / GBP 1000000 1"
expect_eq "default not told; a rate as number; a rate of 0" "$(rate_of 14) / $(rate_of 15) / $(rate_of 17)" "USD 800000 1 / USD 800000 1 / USD 800000 1"
expect_eq "what the shopper paid in counts, not what was shown" "$(rate_of 19)" "USD 800000 1"
expect_eq "the rate cannot be known: never a guess" "$(rejects | xargs)" "order:6 currency_rate order:16 currency_rate order:18 currency_rate"
expect_exact
