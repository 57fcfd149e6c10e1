#!/usr/bin/env bash
# Runs `dispatcher validate` with annotations. See action.yml for the variables.
set -euo pipefail

fail() {
  printf '::error title=Validate dispatching.yml::%s\n' "$1"
  exit 2
}

command -v node >/dev/null || fail 'There is no Node on this runner. Add actions/setup-node before this step.'
cli="${CLI:-}"
if [[ -z "$cli" ]]; then
  [[ -n "${ACTION_REPOSITORY:-}" ]] || fail 'The repository of the action is unknown: set the input cli to a dispatcher.mjs.'
  # Only the tag of a release has a file; a branch or a commit uses the newest one.
  releases="${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases"
  address="$releases/latest/download/dispatcher.mjs"
  [[ ! "${VERSION:-}" =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || address="$releases/download/$VERSION/dispatcher.mjs"
  cli="${RUNNER_TEMP:-/tmp}/dispatcher.mjs"
  curl --fail --silent --show-error --location --retry 3 --output "$cli" "$address" ||
    fail "Could not download $address. Does the release have it?"
fi

arguments=(validate --format github)
[[ "${STRICT:-}" != true ]] || arguments+=(--strict)
read -r -d '' -a files <<<"${FILES:-}" || true
[[ ${#files[@]} -eq 0 ]] || arguments+=(-- "${files[@]}")
echo "Dispatcher $(node "$cli" --version)"
exec node "$cli" "${arguments[@]}"
