#!/usr/bin/env bash
# Brings back the images that ran before the last apply.sh of this checkout, and looks whether they work. The same
# variables as plan.sh and smoke.sh. It ends as a failure where there is nothing to go back to.
#
#   scripts/deploy/roll-back.sh ENVIRONMENT
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 ]] || fail 'usage: scripts/deploy/roll-back.sh ENVIRONMENT'
use_environment "$1"

previous="$work/previous-$environment.json"
[[ -s "$previous" ]] || fail "nothing ran in $environment before, so there is nothing to go back to."
cp "$previous" "$work/roll-back.json"
# In a file of its own: what this plan says is not the output of the step that failed.
GITHUB_OUTPUT="$work/roll-back.out"
export GITHUB_OUTPUT
: >"$GITHUB_OUTPUT"
scripts/deploy/plan.sh "$environment" "$work/roll-back.json"
plan_id="$(sed -n 's/^plan_id=//p' "$GITHUB_OUTPUT")"
plan_sha256="$(sed -n 's/^plan_sha256=//p' "$GITHUB_OUTPUT")"
scripts/deploy/apply.sh "$environment" "$plan_id" "$plan_sha256"
scripts/deploy/smoke.sh "$environment"
echo "deploy: $environment runs the previous images again."
