#!/bin/bash
# As power_loss.sh, at every point, of a day of all jobs as well (part of make sweep).  power.sh BUILD-FOLDER
set -u
. "$(dirname "$0")/lib_sweep.sh"
. "$(dirname "$0")/day.sh"
. "$(dirname "$0")/lib_power.sh"
sweep_begin "$1"
private="bp_instance_id=0 bp_search_lag_ms=$((12 * 60000))"
# shellcheck disable=SC2086
{
	prepare alone0 load few "11 23" $private
	prepare packs0 load many "11 23" $private
	prepare_day other "20 40 60" bp_instance_id=0 bc_shipment_moves_status=yes bp_field_add=overwrite bp_ship_touches=no
}
for flavour in alone0 packs0 other; do
	power $flavour 50 < <(awk -v every="${EVERY:-1}" 'NR % every == 0 { print NR }' "$work/$flavour.trace")
done
sweep_end
