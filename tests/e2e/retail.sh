#!/bin/bash
# The retail check, when its file is at hand: $RETAIL, else beside the project; else skipped.
set -eu
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
exec "$home/tests/retail.sh" "$1" "${RETAIL:-$home/../shared/data/online-retail-2010-12.csv.gz}"
