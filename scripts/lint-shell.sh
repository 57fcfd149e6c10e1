#!/usr/bin/env bash
# Lints every shell script. shellcheck is installed from the Debian packages where it is missing and that is possible.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
need shellcheck shellcheck

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
shellcheck --external-sources "${scripts[@]}"
echo "shell scripts: ${#scripts[@]} linted, ${#scripts[@]} passed"
