#!/usr/bin/env bash
# Hands a folder over from one job to another. The checksum travels as an output of the job and the files as an artifact,
# so an exchanged artifact is noticed.
#
#   scripts/deploy/artifact.sh checksum DIRECTORY          ends with sha256, the checksum of all names and contents
#   scripts/deploy/artifact.sh verify DIRECTORY SHA256     fails if a file was added, removed, renamed or changed
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
usage='usage: scripts/deploy/artifact.sh checksum DIRECTORY | verify DIRECTORY SHA256'

checksum() {
  [[ -d "$1" && -n "$(find "$1" -type f -print -quit)" ]] || fail "$1 has no files."
  [[ -z "$(find "$1" ! -type f ! -type d -print -quit)" ]] || fail "$1 has something that is neither a file nor a folder."
  (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum --) | sha256sum | cut -d ' ' -f 1
}

case "${1:-} $#" in
  'checksum 2')
    sha256="$(checksum "$2")"
    set_output sha256 "$sha256"
    ;;
  'verify 3')
    sha256="$(checksum "$2")"
    [[ "$sha256" == "$3" ]] || fail "$2 is not what the job before handed over: its checksum is $sha256, not $3."
    echo "deploy: $2 verified"
    ;;
  *) fail "$usage" ;;
esac
