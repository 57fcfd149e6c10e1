# shellcheck shell=bash
# What the deploy scripts share. Sourced from the repository root, with `set -euo pipefail`.

work=.dispatcher/deploy
mkdir -p "$work"

fail() {
  printf 'deploy: %s\n' "$1" >&2
  exit 1
}

# use_environment NAME: its Terraform root, state and plans. AWS credentials and AWS_REGION come from outside.
use_environment() {
  environment="$1"
  root="infrastructure/terraform/environments/$environment"
  [[ -d "$root" ]] || fail "there is no environment '$environment'; infrastructure/terraform/environments has them."
  for name in AWS_REGION STATE_BUCKET; do
    [[ -n "${!name:-}" ]] || fail "$name is not set; docs/deploy.md says what it is."
  done
  # shellcheck disable=SC2034 # the scripts that source this use it
  plans="s3://$STATE_BUCKET/dispatcher/plans/$environment"
  for tool in terraform aws; do
    command -v "$tool" >/dev/null || fail "$tool is not installed."
  done
}

# With lock_mode=readonly the providers are those of the lock file and no others.
initialise() {
  terraform -chdir="$root" init -input=false -no-color -reconfigure ${TF_PLUGIN_DIR:+-plugin-dir="$TF_PLUGIN_DIR"} \
    -backend-config="bucket=$STATE_BUCKET" -backend-config="region=$AWS_REGION" \
    -backend-config="key=dispatcher/$environment.tfstate" ${lock_mode:+-lockfile="$lock_mode"} >"$work/init.log" ||
    { tail -n 20 "$work/init.log" >&2; fail 'terraform init failed.'; }
}

# say NAME VALUE: for a person, and for the next job of a pipeline.
say() {
  printf '%s=%s\n' "$1" "$2" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
}
