#!/usr/bin/env bash
# Moves the alias `live` of every function to its newest version: first a tenth of the invocations, and the others only if
# no alarm is raised meanwhile. Otherwise everything returns to the version before, and the script fails.
#
#   scripts/deploy/shift.sh ENVIRONMENT
#
# CANARY_SECONDS  how long a tenth of the invocations uses the new versions; default 300; 0 moves everything at once
# apply.sh calls it. Does nothing for a function whose newest version is live already.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 1 ]] || fail 'usage: scripts/deploy/shift.sh ENVIRONMENT'
use_environment "$1"
seconds="${CANARY_SECONDS:-300}"
[[ "$seconds" =~ ^[0-9]+$ ]] || fail "CANARY_SECONDS is '$seconds'; write a whole number of seconds."
interval=15
((seconds >= interval)) || interval=1
name="dispatcher-$environment"

# Text output would apply the query to each page of versions.
newest_version() {
  aws lambda list-versions-by-function --function-name "$1" --output json --query 'Versions[].Version' |
    sed 's/,/\n/g' | tr -cd '0-9\n' | sort -n | tail -n 1
}
live_version() {
  aws lambda get-alias --function-name "$1" --name live --query FunctionVersion --output text
}
# route FUNCTION VERSION [NEW_VERSION]: all invocations go to VERSION, or a tenth to NEW_VERSION.
route() {
  local weights='{}'
  [[ -z "${3:-}" ]] || weights="{\"$3\":0.1}"
  aws lambda update-alias --function-name "$1" --name live --function-version "$2" \
    --routing-config "{\"AdditionalVersionWeights\":$weights}" >/dev/null
}
raised_alarms() {
  aws cloudwatch describe-alarms --alarm-name-prefix "$name-" --state-value ALARM --output json --query 'MetricAlarms[].AlarmName' |
    sed 's/,/\n/g' | tr -d '[]" ' | sed '/^$/d' | sort
}

declare -A old=() new=()
for function in ingress planning dispatch facts admin; do
  from="$(live_version "$name-$function")"
  to="$(newest_version "$name-$function")"
  [[ -n "$to" ]] || fail "$name-$function has no version. Run scripts/deploy/apply.sh first."
  [[ "$from" != "$to" ]] || continue
  old["$function"]="$from"
  new["$function"]="$to"
done
if [[ ${#new[@]} -eq 0 ]]; then
  echo "deploy: the newest versions of $environment are live."
  exit 0
fi

go_back() {
  for function in "${!old[@]}"; do route "$name-$function" "${old[$function]}"; done
}
if ((seconds > 0)); then
  before="$(raised_alarms)"
  # An interrupted shift must not leave a tenth of the invocations on the new versions.
  trap 'go_back; fail "interrupted: the versions before are live again."' INT TERM
  trap 'go_back' ERR
  for function in "${!new[@]}"; do route "$name-$function" "${old[$function]}" "${new[$function]}"; done
  echo "deploy: a tenth of the invocations of ${!new[*]} uses the new versions for $seconds s."
  end=$((SECONDS + seconds))
  while ((SECONDS < end)); do
    sleep "$interval"
    raised="$(comm -13 <(echo "$before") <(raised_alarms))"
    [[ -n "$raised" ]] || continue
    go_back
    trap - ERR
    fail "the versions before are live again, because alarms were raised: $(paste -sd ' ' <<<"$raised"). docs/runbooks/README.md lists what to do."
  done
  trap - INT TERM ERR
fi
for function in "${!new[@]}"; do route "$name-$function" "${new[$function]}"; done
echo "deploy: the newest versions of $environment are live."
