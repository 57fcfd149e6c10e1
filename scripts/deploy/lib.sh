# shellcheck shell=bash
# Functions of the deploy scripts. Source it from the repository root, with `set -euo pipefail`.

# Scripts in TypeScript need the Node of node_modules, where it is installed.
export PATH="$PWD/node_modules/.bin:$PATH"

work=.dispatcher/deploy
mkdir -p "$work"

fail() {
  printf 'deploy: %s\n' "$1" >&2
  exit 1
}

# use_environment NAME: sets the root module and the location of the plans, and checks what the caller must provide.
use_environment() {
  environment="$1"
  root="infrastructure/terraform/environments/$environment"
  [[ -d "$root" ]] || fail "unknown environment '$environment'; infrastructure/terraform/environments lists the environments."
  for name in AWS_REGION STATE_BUCKET; do
    [[ -n "${!name:-}" ]] || fail "$name is not set; docs/deploy.md describes it."
  done
  # shellcheck disable=SC2034 # the scripts that source this use it
  plans="s3://$STATE_BUCKET/dispatcher/plans/$environment"
  for tool in terraform aws; do
    command -v "$tool" >/dev/null || fail "$tool is not installed."
  done
}

# An S3 endpoint of one's own, such as that of a local AWS API, has no host name for each bucket.
path_style=(${AWS_ENDPOINT_URL_S3:+-backend-config=use_path_style=true})

# Runs terraform init. With lock_mode=readonly it accepts only the providers of the lock file.
initialize() {
  terraform -chdir="$root" init -input=false -no-color -reconfigure ${TF_PLUGIN_DIR:+-plugin-dir="$TF_PLUGIN_DIR"} \
    -backend-config="bucket=$STATE_BUCKET" -backend-config="region=$AWS_REGION" "${path_style[@]}" \
    -backend-config="key=dispatcher/$environment.tfstate" ${lock_mode:+-lockfile="$lock_mode"} >"$work/init.log" ||
    { tail -n 20 "$work/init.log" >&2; fail 'terraform init failed.'; }
}

# Removes resource IDs, account IDs and outputs from the log of an apply: resource IDs contain account IDs.
without_identities() {
  sed -e '/^Outputs:/,$d' -e 's/ \[id=.*\]//' -e 's/[0-9]\{12\}/…/g'
}

# set_output NAME VALUE: prints a value and makes it an output of the workflow step.
set_output() {
  printf '%s=%s\n' "$1" "$2" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
}

# doctor_variables: prints the variables with which doctor checks what is deployed, as NAME=VALUE; nothing before the first apply.
doctor_variables() {
  terraform -chdir="$root" output -json | node scripts/deploy/doctor-variables.ts
}

# has_app VARIABLES: whether the deployed environment has a GitHub App, or may have one that the outputs do not name.
has_app() {
  [[ "$1" == *GITHUB_APP_ID=* && "$1" != *GITHUB_APP_ID=0* ]]
}
