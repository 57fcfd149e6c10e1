#!/usr/bin/env bash
# Applies exactly the plan that was reviewed, and saves the names of the previous images for roll-back.sh.
#
#   scripts/deploy/apply.sh ENVIRONMENT PLAN_ID PLAN_SHA256
#
# CANARY_SECONDS  how long a tenth of the invocations uses the new versions before all do: shift.sh
#
# Terraform itself rejects a plan that is older than another apply.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 3 ]] || fail 'usage: scripts/deploy/apply.sh ENVIRONMENT PLAN_ID PLAN_SHA256'
use_environment "$1"

aws s3 cp --only-show-errors "$plans/$2/plan" "$work/plan"
aws s3 cp --only-show-errors "$plans/$2/lock.hcl" "$root/.terraform.lock.hcl"
sha256="$(cat "$work/plan" "$root/.terraform.lock.hcl" | sha256sum | cut -d ' ' -f 1)"
[[ "$sha256" == "$3" ]] || fail "the plan in the state bucket is not the reviewed one: its checksum is $sha256."

lock_mode="readonly"
initialize
# There are no previous images before the first apply.
terraform -chdir="$root" output -json images >"$work/previous-$environment.json" 2>"$work/output.log" ||
  rm -f "$work/previous-$environment.json"
terraform -chdir="$root" apply -input=false -no-color "$PWD/$work/plan" | without_identities
scripts/deploy/shift.sh "$environment"
