#!/usr/bin/env bash
# Creates what an AWS account needs before the first environment: the bucket for Terraform's state, the image
# repositories and the roles of the pipelines (infrastructure/terraform/bootstrap). Run it again after a change of that root.
#
#   scripts/deploy/bootstrap.sh OWNER/REPOSITORY
#
# BOOTSTRAP_VARIABLES  other variables of the root as a JSON object, such as {"environments": ["prod"]}; optional
# STATE_BUCKET         name of the bucket; default dispatcher-state-ACCOUNT-REGION
# GH_TOKEN             token that reads the repository, for the IDs in the subjects of its tokens; default: that of `gh`
#
# Asks before it applies, unless APPROVE=yes. Writes the outputs to .dispatcher/deploy/bootstrap.json, which
# `dispatcher deploy init` reads. They contain the account ID, so that file is not committed.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 && "$1" =~ ^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$ ]] || fail 'usage: scripts/deploy/bootstrap.sh OWNER/REPOSITORY'
repository="$1"
[[ -n "${AWS_REGION:-}" ]] || fail 'AWS_REGION is not set; docs/deploy.md describes it.'
for tool in terraform aws node; do
  command -v "$tool" >/dev/null || fail "$tool is not installed."
done
root=infrastructure/terraform/bootstrap
export TF_IN_AUTOMATION=1

account="$(aws sts get-caller-identity --query Account --output text)" || fail 'AWS refuses the credentials of this shell.'
bucket="${STATE_BUCKET:-dispatcher-state-$account-$AWS_REGION}"
token="${GH_TOKEN:-$(gh auth token 2>/dev/null || true)}"
umask 077
GH_TOKEN="$token" STATE_BUCKET="$bucket" node scripts/deploy/bootstrap-variables.ts "$repository" >"$work/bootstrap.tfvars.json"

init() {
  terraform -chdir="$root" init -input=false -no-color ${TF_PLUGIN_DIR:+-plugin-dir="$TF_PLUGIN_DIR"} "$@" >"$work/init.log" ||
    { tail -n 20 "$work/init.log" >&2; fail 'terraform init failed.'; }
}
remote=(-backend-config="bucket=$bucket" -backend-config="region=$AWS_REGION" -backend-config=key=dispatcher/bootstrap.tfstate "${path_style[@]}")
# The state is in a file until it is in the bucket. An interrupted run continues with that file.
override="$root/backend_override.tf"
local_state="$PWD/$work/bootstrap.tfstate"
if [[ -e "$local_state" ]] || ! aws s3api head-bucket --bucket "$bucket" 2>/dev/null; then
  printf 'terraform {\n  backend "local" {\n    path = "%s"\n  }\n}\n' "$local_state" >"$override"
  trap 'rm -f "$override"' EXIT
  init -reconfigure
else
  init -reconfigure "${remote[@]}"
fi

terraform -chdir="$root" plan -input=false -no-color -var-file="$PWD/$work/bootstrap.tfvars.json" -out="$PWD/$work/bootstrap.plan" >"$work/plan.log" ||
  fail "terraform plan failed: see its message above and $work/plan.log."
terraform -chdir="$root" show -json "$PWD/$work/bootstrap.plan" | node scripts/deploy/summary.ts "the account"
if [[ "${APPROVE:-}" != yes ]]; then
  read -r -p 'Apply these changes? Only yes is accepted: ' answer
  [[ "$answer" == yes ]] || fail 'nothing was changed.'
fi
terraform -chdir="$root" apply -input=false -no-color "$PWD/$work/bootstrap.plan" | without_identities
if [[ -e "$override" ]]; then
  rm -f "$override"
  init -migrate-state -force-copy "${remote[@]}"
  rm -f "$local_state" "$local_state.backup"
  echo 'deploy: the state was moved into the bucket.'
fi
terraform -chdir="$root" output -json >"$work/bootstrap.json"
echo 'deploy: the account is ready. Next: npx --no-install dispatcher deploy init'
