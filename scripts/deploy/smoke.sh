#!/usr/bin/env bash
# Smoke test of a deployed environment: runs `dispatcher doctor` against its public URL, with its App and its sign-in from
# Terraform's outputs and its secrets from Secrets Manager.
#
#   scripts/deploy/smoke.sh ENVIRONMENT
#
# ADMIN_API_KEY     API key with the role viewer, for an admin API that does not use basic authentication
# DISPATCHER_CLI    dispatcher.mjs of a release; without it, the command of this checkout, which needs its packages
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 ]] || fail 'usage: scripts/deploy/smoke.sh ENVIRONMENT'
use_environment "$1"
initialize
variables="$(doctor_variables)"
if ! has_app "$variables"; then
  echo "deploy: SKIPPED the smoke test, because $environment has no GitHub App yet. Next: npx --no-install dispatcher deploy status"
  exit 0
fi

[[ "$variables" != *GITHUB_APP_ID=unknown* ]] ||
  fail "$environment has no output doctor_variables. If $root/outputs.tf lacks it, copy it from environments/prod; then apply."

cli=(npx --no-install dispatcher)
[[ -z "${DISPATCHER_CLI:-}" ]] || cli=(node "$DISPATCHER_CLI")

url="$(terraform -chdir="$root" output -raw api_url)"
mapfile -t variables <<<"$variables"
env "${variables[@]}" "${cli[@]}" doctor --url "$url" --secrets-manager "dispatcher-$environment"
