#!/usr/bin/env bash
# Sees for itself that an environment works, from outside: `dispatcher doctor` on its real address.
#
#   scripts/deploy/smoke.sh ENVIRONMENT
#
# APP_ID, APP_SLUG  the environment's GitHub App; its secrets are read from Secrets Manager
# ADMIN_BASIC_USER  default operator, as in Terraform
# ADMIN_API_KEY     a key with the role viewer, where the admin API asks for tokens
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 ]] || fail 'usage: scripts/deploy/smoke.sh ENVIRONMENT'
use_environment "$1"

initialise
url="$(terraform -chdir="$root" output -raw api_url)"
GITHUB_APP_ID="${APP_ID:-}" GITHUB_APP_SLUG="${APP_SLUG:-}" ADMIN_BASIC_USER="${ADMIN_BASIC_USER:-operator}" \
  npx --no-install dispatcher doctor --url "$url" --secrets-manager "dispatcher-$environment"
