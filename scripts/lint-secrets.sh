#!/usr/bin/env bash
# Looks for credentials in every file that is committed or is not ignored by git.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

files=()
while IFS= read -r -d '' file; do
  # The lock file is full of hashes. git also lists files that were deleted but not committed.
  [[ -f "$file" && "$file" != package-lock.json ]] && files+=("$file")
done < <(git ls-files -z --cached --others --exclude-standard)
secretlint --no-glob "${files[@]}"
echo "secrets: ${#files[@]} files scanned, none found"
