#!/usr/bin/env bash
# Bundles each function, builds its image with podman and runs it with a Lambda Runtime API: the image starts, gets a real
# event and must have the right effect. The last line is `images: built N, run N`.
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

built=0
for function in "${functions[@]}"; do
  node scripts/bundle.ts "$function"
  [[ "$function" != admin ]] || node packages/dashboard/build/build.ts
  podman build --quiet --pull=never --from "$base" --tag "$(local_image "$function")" --build-arg FUNCTION="$function" \
    --build-arg SOURCE="$(image_source)" --build-arg REVISION="$(image_revision)" \
    --build-arg VERSION="$(image_version)" . >"$scratch/build" || { cat "$scratch/build"; fail "the image of $function could not be built."; }
  built=$((built + 1))
done

timeout 300 node scripts/images/run.ts "$base" | tee "$scratch/run"
run="$(grep -c '^ok ' "$scratch/run" || true)"
echo "images: built $built, run $run"
[[ "$built" -eq "${#functions[@]}" && "$run" -eq "${#functions[@]}" ]]
