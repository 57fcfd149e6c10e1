#!/usr/bin/env bash
# Lints every shell script with shellcheck, which it installs with apt where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
need shellcheck shellcheck

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
shellcheck --external-sources "${scripts[@]}"
echo "shell scripts: ${#scripts[@]} linted, ${#scripts[@]} passed"
