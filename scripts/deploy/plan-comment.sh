#!/usr/bin/env bash
# Plans an environment with the Terraform files of this checkout and the images that run, and writes the changes for a comment
# on the pull request: addresses and actions, but no values. Stores nothing, so nobody can apply this plan.
#
#   scripts/deploy/plan-comment.sh ENVIRONMENT COMMENT
#
# Takes the variables of plan.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 2 ]] || fail 'usage: scripts/deploy/plan-comment.sh ENVIRONMENT COMMENT'
use_environment "$1"

initialize
terraform -chdir="$root" output -json images >"$work/running.json" 2>"$work/output.log" ||
  fail "$environment has no images: it is not deployed."
node scripts/deploy/variables.ts "$work/running.json" >"$work/comment.tfvars.json"
terraform -chdir="$root" plan -lock=false -input=false -no-color -var-file="$PWD/$work/comment.tfvars.json" \
  -out="$PWD/$work/comment.plan" >"$work/comment.log" || fail "terraform plan failed: see its message above and $work/comment.log."
terraform -chdir="$root" show -json "$PWD/$work/comment.plan" | node scripts/deploy/summary.ts "$environment" >"$2"
rm -f "$work/comment.plan"
cat "$2"
