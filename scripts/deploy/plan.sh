#!/usr/bin/env bash
# Plans one environment with the images of a release and uploads the plan for apply.sh.
#
#   scripts/deploy/plan.sh ENVIRONMENT IMAGES_FILE
#
# IMAGES_FILE is the images.json of a release (digests) or `terraform output -json images` (complete names).
# APP_ID, APP_SLUG       GitHub App of the environment; without them, the environment waits for its App
# PERMISSIONS_BOUNDARY   ARN of the permissions boundary of the functions' roles; empty: none
# IMAGE_REGISTRY         registry of the images; required if IMAGES_FILE has digests
# TERRAFORM_VARIABLES    settings of the environment as a JSON object (docs/reference/settings.md); empty: the defaults
#
# Once the environment has an App, these must be set: an apply resets what is missing here.
#
# Ends with plan_id and plan_sha256, the arguments of apply.sh. Prints resource addresses and actions only: values and
# account IDs stay in the plan.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 2 ]] || fail 'usage: scripts/deploy/plan.sh ENVIRONMENT IMAGES_FILE'
use_environment "$1"

node scripts/deploy/variables.ts "$2" >"$work/plan.tfvars.json"
initialize
deployed="$(doctor_variables)"
if has_app "$deployed"; then
  [[ -n "${APP_ID:-}" ]] || fail "APP_ID is not set: an apply would take its App away from $environment. Set APP_ID and APP_SLUG; docs/runbooks/roll-back.md says where they are. If it has no App yet, create it first (docs/deploy.md, command 5)."
  for name in PERMISSIONS_BOUNDARY TERRAFORM_VARIABLES; do
    [[ -n "${!name+set}" ]] || fail "$name is not set: an apply would remove what it has set of $environment. Set it; docs/runbooks/roll-back.md says where it is. Empty means none."
  done
fi
terraform -chdir="$root" plan -input=false -no-color -var-file="$PWD/$work/plan.tfvars.json" -out="$PWD/$work/plan" >"$work/plan.log" ||
  fail "terraform plan failed: see its message above and $work/plan.log."
terraform -chdir="$root" show -json "$PWD/$work/plan" | node scripts/deploy/summary.ts "$environment" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"

# Upload the lock file too: a provider released between plan and apply must not apply the plan.
plan_id="$(date -u +%Y%m%dT%H%M%SZ)-${GITHUB_RUN_ID:-$$}"
aws s3 cp --only-show-errors "$work/plan" "$plans/$plan_id/plan"
aws s3 cp --only-show-errors "$root/.terraform.lock.hcl" "$plans/$plan_id/lock.hcl"
set_output plan_id "$plan_id"
set_output plan_sha256 "$(cat "$work/plan" "$root/.terraform.lock.hcl" | sha256sum | cut -d ' ' -f 1)"
