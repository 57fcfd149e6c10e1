#!/usr/bin/env bash
# Deploys the images that ran before the last apply.sh of this checkout and runs the smoke test. Takes the variables of
# plan.sh and smoke.sh. Fails if there are no previous images.
#
#   scripts/deploy/roll-back.sh ENVIRONMENT
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 ]] || fail 'usage: scripts/deploy/roll-back.sh ENVIRONMENT'
use_environment "$1"

previous="$work/previous-$environment.json"
[[ -s "$previous" ]] || fail "$environment has no previous images, so there is nothing to roll back to."
cp "$previous" "$work/roll-back.json"
# A separate file: the outputs of this plan are not those of the workflow step.
GITHUB_OUTPUT="$work/roll-back.out"
export GITHUB_OUTPUT
: >"$GITHUB_OUTPUT"
scripts/deploy/plan.sh "$environment" "$work/roll-back.json"
plan_id="$(sed -n 's/^plan_id=//p' "$GITHUB_OUTPUT")"
plan_sha256="$(sed -n 's/^plan_sha256=//p' "$GITHUB_OUTPUT")"
# At once: the versions that run now are the faulty ones.
CANARY_SECONDS=0 scripts/deploy/apply.sh "$environment" "$plan_id" "$plan_sha256"
scripts/deploy/smoke.sh "$environment"
echo "deploy: $environment runs the previous images again."
