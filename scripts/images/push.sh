#!/usr/bin/env bash
# Builds the arm64 image of every function on the pinned base and pushes it, once: the tags are immutable.
#
#   IMAGE_REGISTRY=… scripts/images/push.sh TAG DIRECTORY
#
# Needs the registry's login (`aws ecr get-login-password | podman login --username AWS --password-stdin …`). Writes to
# DIRECTORY: images.json, each function's digest, which scripts/deploy/plan.sh takes; one SBOM for each image; and
# subjects.txt, the checksums of all of them, which the pipeline attests.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
[[ $# -eq 2 && -n "${IMAGE_REGISTRY:-}" ]] || fail 'usage: IMAGE_REGISTRY=… scripts/images/push.sh TAG DIRECTORY'
tag="$1"
directory="$2"
need podman podman runc
choose_container_settings
# A base that is named by hand is for trying this script out: it need be neither pinned nor for Lambda's architecture.
platform=()
if [[ -z "${IMAGES_BASE:-}" ]]; then
  node scripts/images/pin-base.ts --check
  platform=(--platform linux/arm64)
fi
mkdir -p "$directory"

for function in "${functions[@]}"; do
  node scripts/bundle.ts "$function"
  name="$IMAGE_REGISTRY/dispatcher/$function:$tag"
  # Times of 1970: the same commit on the same base makes the same image. podman makes one manifest and never an index,
  # which Lambda would refuse.
  podman build --quiet --timestamp 0 "${platform[@]}" --pull=missing --from "${IMAGES_BASE:-$(dockerfile_base)}" \
    --tag "$name" --build-arg FUNCTION="$function" --build-arg SOURCE="$(image_source)" \
    --build-arg REVISION="$(image_revision)" --build-arg VERSION="$tag" . >/dev/null
  architecture="$(podman image inspect --format '{{.Architecture}}' "$name")"
  [[ -n "${IMAGES_BASE:-}" || "$architecture" == arm64 ]] || fail "the image of $function is for $architecture."
  podman push --quiet --digestfile "$scratch/$function" "$name"
  node scripts/images/sbom.ts "$function" "$tag" "$(cat "$scratch/$function")" >"$directory/$function.cdx.json"
  printf '%s  %s\n' "$(sed 's/^sha256://' "$scratch/$function")" "dispatcher/$function" >>"$scratch/subjects"
done

(cd "$scratch" && node -e '
  const { readFileSync } = require("node:fs");
  const digests = process.argv.slice(1).map((name) => [name, readFileSync(name, "utf8").trim()]);
  console.log(JSON.stringify(Object.fromEntries(digests), null, 2));
' "${functions[@]}") >"$directory/images.json"
(cd "$directory" && sha256sum images.json -- *.cdx.json) >>"$scratch/subjects"
mv "$scratch/subjects" "$directory/subjects.txt"
echo "images: pushed ${#functions[@]} as $tag"
