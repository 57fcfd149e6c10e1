#!/usr/bin/env bash
# Builds the image of every function with podman and runs it under a Lambda Runtime API: a cold start, a real event in,
# the right effect out. The last line is `images: built N, run N`. Bundles the functions first.
#
# IMAGES_WAIVED=reason  builds and runs nothing, and says so
# IMAGES_BASE=image     another base than the Dockerfile's; unset: the Dockerfile's, and where its registry cannot be
#                       reached, a stand-in of the same shape (scripts/images/stand-in.sh)
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

if [[ -n "${IMAGES_WAIVED:-}" ]]; then
  printf 'WAIVED: no image was built or run, because: %s\nimages: waived\n' "$IMAGES_WAIVED"
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
    echo "The real base cannot be had here. What follows proves our layers on a stand-in, not the base itself."
    base="$(scripts/images/stand-in.sh)"
    echo "base: $base (stand-in)"
  fi
fi
try_container_settings "$base"

built=0
for function in "${functions[@]}"; do
  node scripts/bundle.ts "$function"
  podman build --quiet --pull=never --from "$base" --tag "$(local_image "$function")" --build-arg FUNCTION="$function" \
    --build-arg SOURCE="$(image_source)" --build-arg REVISION="$(image_revision)" \
    --build-arg VERSION="$(image_version)" . >"$scratch/build" || { cat "$scratch/build"; fail "the image of $function could not be built."; }
  built=$((built + 1))
done

timeout 300 node scripts/images/run.ts "$base" | tee "$scratch/run"
run="$(grep -c '^ok ' "$scratch/run" || true)"
echo "images: built $built, run $run"
[[ "$built" -eq "${#functions[@]}" && "$run" -eq "${#functions[@]}" ]]
