#!/usr/bin/env bash
# Compares the resources of an environment with its state, and writes a report if somebody changed them outside Terraform.
# It compares with the state and not with the files, so it does not matter which release is deployed.
#
#   scripts/deploy/drift.sh ENVIRONMENT REPORT
#
# Takes the variables of plan.sh. Writes REPORT only if there is drift: addresses and actions, but no values.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 2 ]] || fail 'usage: scripts/deploy/drift.sh ENVIRONMENT REPORT'
use_environment "$1"

initialize
terraform -chdir="$root" output -json images >"$work/running.json" 2>"$work/output.log" ||
  fail "$environment has no images: it is not deployed."
node scripts/deploy/variables.ts "$work/running.json" >"$work/drift.tfvars.json"
# Without a lock: a check must not delay a deployment.
terraform -chdir="$root" plan -refresh-only -lock=false -input=false -no-color -var-file="$PWD/$work/drift.tfvars.json" \
  -out="$PWD/$work/drift.plan" >"$work/drift.log" || fail "terraform plan failed: see its message above and $work/drift.log."
terraform -chdir="$root" show -json "$PWD/$work/drift.plan" | node scripts/deploy/summary.ts "$environment" drift >"$work/drift.md"
tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}" <"$work/drift.md"
if grep -q '^| ' "$work/drift.md"; then
  {
    cat "$work/drift.md"
    printf '\nThe next deployment changes these resources back to what Terraform describes. If a change is to stay, put it into\nTerraform before.\n'
  } >"$2"
fi
