# Pearlbridge.  Three parts: build, pipeline, checks.  `make help` lists the targets.
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

# --- build ---------------------------------------------------------------------------------------

SAN     ?=
comma   := ,
B       := build$(if $(SAN),-$(firstword $(subst $(comma), ,$(SAN))))
CC      := gcc
WARN    := -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes -Wold-style-definition \
           -Wmissing-prototypes -Wundef -Wwrite-strings -Wcast-qual -Wvla -Wpointer-arith -fno-common -Werror
HARDEN  := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
           -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks -fno-strict-overflow -fPIE
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer)
CFLAGS  := -std=gnu11 -O2 -g $(WARN) $(if $(SAN),,$(HARDEN)) $(SANITIZE)
CPPFLAGS := -I.
LDFLAGS := -pie -Wl,-z,relro,-z,now,-z,noexecstack $(SANITIZE)
LIBS    := -lcurl -lcsv -lcjson -lsqlite3 -lcrypto -lutf8proc

LIB_SRC := $(wildcard lib/*.c lib/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o) $(B)/sql_lib.o
JOB_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard jobs/*.c jobs/*/*.c)) $(B)/sql_jobs.o
SANDBOX_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard tests/sandbox/*.c)) $(B)/sql_sandbox.o $(B)/lib/clock.o
SHIMS   := $(patsubst tests/shims/%.c,$(B)/shim_%.so,$(wildcard tests/shims/*.c))
UNIT    := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))

.PHONY: build sandbox unit format lint tidy clean help
build: $(B)/pearlbridge ## the program, in build/
sandbox: $(B)/sandbox $(SHIMS) ## the two APIs to test against
unit: $(UNIT)

$(B)/pearlbridge: $(JOB_OBJ) $(LIB_OBJ)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/sandbox: $(SANDBOX_OBJ)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lmicrohttpd -lsqlite3 -lcjson -lz -lpthread
$(B)/shim_%.so: tests/shims/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -fPIC -shared -o $@ $< -ldl
$(B)/unit/%: $(B)/tests/unit/%.o $(LIB_OBJ)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka -lmicrohttpd -lpthread

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/%.o: $(B)/%.c
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(B)/sql_lib.c: lib/embed.awk $(wildcard lib/*.sql lib/*/*.sql)
$(B)/sql_jobs.c: lib/embed.awk $(wildcard jobs/*/*.sql)
$(B)/sql_sandbox.c: lib/embed.awk $(wildcard tests/sandbox/*.sql)
$(B)/sql_%.c:
	@mkdir -p $(@D)
	@awk -f $^ > $@
-include $(patsubst %.o,%.d,$(filter-out $(B)/sql_%,$(LIB_OBJ) $(JOB_OBJ) $(SANDBOX_OBJ)))
-include $(patsubst $(B)/unit/%,$(B)/tests/unit/%.d,$(UNIT))

SOURCES := $(wildcard lib/*.[ch] lib/*/*.[ch] jobs/*.[ch] jobs/*/*.[ch] tests/*/*.[ch])
format: ## clang-format every source
	@clang-format -i $(SOURCES)
lint: tidy ## what a machine sees without running anything: format, clang-tidy, shellcheck
	@clang-format --dry-run --Werror $(SOURCES)
	@! grep -nE '(^|[^a-z_])(printf|puts|putchar|vprintf)\(["a-z]|(fputs|fprintf|fwrite)\(.*stdout' $(wildcard jobs/*.c jobs/*/*.c) | grep -v "printf('" || { echo 'print by lib/show.h alone'; exit 1; }
	@shellcheck -S warning -x run.sh .ci/run $(wildcard tests/*.sh tests/*/*.sh tests/e2e/long/*.sh)
TIDIED := $(patsubst %.c,$(B)/%.tidy,$(LIB_SRC) $(wildcard jobs/*.c jobs/*/*.c))
tidy: $(TIDIED) ## clang-tidy over what changed of lib and jobs since it last passed
$(B)/%.tidy: $(B)/%.o .clang-tidy
	@clang-tidy -quiet $*.c -- -I. -std=gnu11 >$@.said 2>&1 || { cat $@.said; exit 1; }
	@mv $@.said $@
clean: ## remove what was built
	@rm -rf build build-*
help: ## this
	@grep -hE '^[a-z][a-z_. -]*:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

# --- pipeline --------------------------------------------------------------------------------------
# Started by `pearlbridge run`, which holds the lock and has opened the run, with the store as its
# folder: every name below is relative, so a store's path may hold any sign.  A stamp is only Make's
# memory of a stage; the truth is in the database.  The program is no
# prerequisite: recompiling must never repeat a stage.

MAPPINGS := $(wildcard $(patsubst %,mappings/%.csv,settings statuses sales shipping payments warehouses stock sku_keys taxes))
ok        = $(1:%=data/run/%.ok)

.PHONY: sync
sync: $(call ok,reconcile.transform)

$(call ok,reference.extract):   $(MAPPINGS)
$(call ok,reference.transform): $(call ok,reference.extract) $(MAPPINGS)
$(call ok,orders.extract):      $(call ok,reference.transform)
$(call ok,customers.extract):   $(call ok,orders.extract)
$(call ok,customers.transform): $(call ok,customers.extract) $(MAPPINGS)
$(call ok,customers.load):      $(call ok,customers.transform)
$(call ok,orders.transform):    $(call ok,customers.load) $(MAPPINGS)
$(call ok,orders.load):         $(call ok,orders.transform)
$(call ok,payments.extract):    $(call ok,orders.extract)
$(call ok,payments.transform):  $(call ok,payments.extract orders.load) $(MAPPINGS)
$(call ok,payments.load):       $(call ok,payments.transform)
$(call ok,notes.extract):       $(call ok,orders.load)
$(call ok,notes.transform):     $(call ok,notes.extract) $(MAPPINGS)
$(call ok,notes.load):          $(call ok,notes.transform)
$(call ok,fulfillment.extract): $(call ok,orders.load)
$(call ok,fulfillment.transform): $(call ok,fulfillment.extract) $(MAPPINGS)
$(call ok,fulfillment.load):    $(call ok,fulfillment.transform)
$(call ok,statuses.extract):    $(call ok,notes.load fulfillment.load)
$(call ok,statuses.transform):  $(call ok,statuses.extract) $(MAPPINGS)
$(call ok,statuses.load):       $(call ok,statuses.transform)
$(call ok,inventory.extract):   $(call ok,orders.load)
$(call ok,inventory.transform): $(call ok,inventory.extract) $(MAPPINGS)
$(call ok,inventory.load):      $(call ok,inventory.transform)
$(call ok,reconcile.extract):   $(call ok,payments.load statuses.load inventory.load)
$(call ok,reconcile.transform): $(call ok,reconcile.extract) $(MAPPINGS)

data/run/%.ok: # a stage whose job is off is marked by reference.transform, and only stamped
	@[ -n "$$PEARLBRIDGE_RUN" ] || { echo "the chain is started by ./run.sh, which opens a run and holds the store's lock" >&2; exit 64; }
	@if [ -e data/run/$*.off ]; then touch $@; else exec "$$PEARLBRIDGE_PROGRAM" stage $*; fi

# --- checks ----------------------------------------------------------------------------------------

.PHONY: check
check: build sandbox unit ## every check; ends with "N passed, N failed"
	@tests/check.sh $(B)

RETAIL ?=
.PHONY: check-retail sweep soak break-it bench fuzz
check-retail: build sandbox ## RETAIL=FILE: an Online Retail CSV as a shop, through the pipeline
	@tests/retail.sh "$(CURDIR)/$(B)" "$(RETAIL)"
sweep: build sandbox ## two crashes in a row, every fault at every request, every odd answer, power gone, no memory
	@for s in sweep power memory answers; do bash tests/e2e/long/$$s.sh "$(CURDIR)/$(B)" || exit 1; done
SOAK_SECONDS ?= 60
soak: build sandbox ## random kills with faults all along, for SOAK_SECONDS; then all is well
	@SOAK_SECONDS=$(SOAK_SECONDS) bash tests/e2e/long/soak.sh "$(CURDIR)/$(B)"
break-it: ## proof that the tests can fail: the protocol's parts and the rules taken out one by one
	@bash tests/e2e/long/break_it.sh "$(CURDIR)/$(B)"
	@bash tests/e2e/long/break_rules.sh
bench: build sandbox ## use of the quotas, orders per second, requests per 1,000 orders
	@bash tests/bench/bench.sh "$(CURDIR)/$(B)"

FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,build-fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: $(FUZZERS) ## each fuzzer for FUZZ_SECONDS (needs clang)
	@for f in $(FUZZERS); do echo "$$f"; ASAN_OPTIONS=detect_leaks=0 ./$$f -verbosity=0 \
		-max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build-fuzz/ || exit 1; done
build-fuzz/%: tests/fuzz/%.c $(LIB_SRC) $(B)/sql_lib.c
	@mkdir -p $(@D)
	@clang -I. -std=gnu11 -g -O1 -w -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)
