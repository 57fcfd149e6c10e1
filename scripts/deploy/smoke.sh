#!/usr/bin/env bash
# Smoke test of a deployed environment: runs `dispatcher doctor` against its public URL.
#
#   scripts/deploy/smoke.sh ENVIRONMENT
#
# APP_ID, APP_SLUG  GitHub App of the environment; its secrets are read from Secrets Manager
# ADMIN_BASIC_USER  user name of the admin API; default operator, as in Terraform
# ADMIN_API_KEY     API key with the role viewer, for an admin API that does not use basic authentication
# DISPATCHER_CLI    dispatcher.mjs of a release; without it, the command of this checkout, which needs its packages
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 ]] || fail 'usage: scripts/deploy/smoke.sh ENVIRONMENT'
use_environment "$1"
if [[ "${APP_ID:-0}" == 0 ]]; then
  echo "deploy: SKIPPED the smoke test, because $environment has no GitHub App yet. Next: npx --no-install dispatcher deploy status"
  exit 0
fi

cli=(npx --no-install dispatcher)
[[ -z "${DISPATCHER_CLI:-}" ]] || cli=(node "$DISPATCHER_CLI")

initialize
url="$(terraform -chdir="$root" output -raw api_url)"
GITHUB_APP_ID="${APP_ID:-}" GITHUB_APP_SLUG="${APP_SLUG:-}" ADMIN_BASIC_USER="${ADMIN_BASIC_USER:-operator}" \
  "${cli[@]}" doctor --url "$url" --secrets-manager "dispatcher-$environment"
