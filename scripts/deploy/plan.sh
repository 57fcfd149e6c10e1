#!/usr/bin/env bash
# Plans one environment with the images of a release, and puts the plan where apply.sh takes it from.
#
#   scripts/deploy/plan.sh ENVIRONMENT IMAGES_FILE
#
# IMAGES_FILE is the images.json of a release (digests), or `terraform output -json images` (whole names).
# APP_ID, APP_SLUG       the environment's GitHub App
# IMAGE_REGISTRY         where the images are; needed with digests
# TERRAFORM_VARIABLES    more variables of the root as JSON; none where unset
#
# Ends with plan_id and plan_sha256, which apply.sh asks for. What is printed are addresses and actions only: values and
# account ids stay in the plan.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 2 ]] || fail 'usage: scripts/deploy/plan.sh ENVIRONMENT IMAGES_FILE'
use_environment "$1"

node scripts/deploy/variables.ts "$2" >"$work/plan.tfvars.json"
initialise
terraform -chdir="$root" plan -input=false -no-color -var-file="$PWD/$work/plan.tfvars.json" -out="$PWD/$work/plan" >"$work/plan.log" ||
  fail "terraform plan failed; its message is above, and $work/plan.log has the rest."
terraform -chdir="$root" show -json "$PWD/$work/plan" | node scripts/deploy/summary.ts "$environment" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"

# The lock file goes with the plan: a provider that was released between plan and apply must not be the one that applies.
plan_id="$(date -u +%Y%m%dT%H%M%SZ)-${GITHUB_RUN_ID:-$$}"
aws s3 cp --only-show-errors "$work/plan" "$plans/$plan_id/plan"
aws s3 cp --only-show-errors "$root/.terraform.lock.hcl" "$plans/$plan_id/lock.hcl"
say plan_id "$plan_id"
say plan_sha256 "$(cat "$work/plan" "$root/.terraform.lock.hcl" | sha256sum | cut -d ' ' -f 1)"
