#!/usr/bin/env bash
# Builds a release as scripts/images/build.sh does, and runs each of its images with a Lambda Runtime API: the image starts,
# gets a real event and must have the right effect. The last line is `images: built N, run N`.
#
# IMAGES_WAIVED=reason  skips everything and prints the reason
# IMAGES_BASE=image     base image to use instead of the Dockerfile's. Without it, the Dockerfile's base image, or a
#                       stand-in with the same interface if its registry is unreachable (scripts/images/stand-in.sh)
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

if [[ -n "${IMAGES_WAIVED:-}" ]]; then
  printf 'WAIVED: no image was built or run. Reason: %s\nimages: waived\n' "$IMAGES_WAIVED"
  exit 0
fi

# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
need podman podman runc
choose_container_settings

base="${IMAGES_BASE:-}"
if [[ -z "$base" ]]; then
  base="$(dockerfile_base)"
  if podman image exists "$base" || timeout 300 podman pull --quiet "$base" 2>"$scratch/pull"; then
    echo "base: $base"
  else
    tail -n 1 "$scratch/pull"
    echo "The base image cannot be pulled. The check uses a stand-in, so it proves the added layers but not the base image."
    base="$(scripts/images/stand-in.sh)"
    echo "base: $base (stand-in)"
  fi
fi
try_container_settings "$base"

release="$scratch/release"
# Version 0.0.0 is never released.
IMAGES_BASE="$base" scripts/images/build.sh v0.0.0 "$release"
built="$(grep -c ' dispatcher/' "$release/subjects.txt" || true)"
# The other subjects are files: each must be in the release, unchanged.
(cd "$release" && grep -v ' dispatcher/' subjects.txt | sha256sum --check --quiet) || fail "a file of the release is not the one of subjects.txt."

timeout 300 node scripts/images/run.ts "$base" | tee "$scratch/run"
run="$(grep -c '^ok ' "$scratch/run" || true)"
echo "images: built $built, run $run"
[[ "$built" -eq "${#functions[@]}" && "$run" -eq "${#functions[@]}" ]]
