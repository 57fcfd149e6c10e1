#!/usr/bin/env bash
# Builds everything of a release except its attestation: the arm64 image of every function on the pinned base image, and
# the command line as one file. Needs neither credentials nor a registry; scripts/images/push.sh pushes what it built.
#
#   scripts/images/build.sh TAG DIRECTORY
#
# Writes to DIRECTORY: images, an OCI layout with one image for each function; images.json, their digests, for
# scripts/deploy/plan.sh; dispatcher.mjs, the command line; dispatcher-cli.tgz, its npm package; dispatching.schema.json; one
# SBOM per image; and subjects.txt, the checksums of all of them, which the pipeline attests.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
[[ $# -eq 2 ]] || fail 'usage: scripts/images/build.sh TAG DIRECTORY'
tag="$1"
directory="$2"
[[ ! -e "$directory/images" ]] || fail "$directory/images exists; remove it, so that the release has nothing of an earlier build."
need podman podman runc
choose_container_settings
# IMAGES_BASE is for testing this script: that base image need be neither pinned nor for arm64.
platform=()
if [[ -z "${IMAGES_BASE:-}" ]]; then
  node scripts/images/pin-base.ts --check
  platform=(--platform linux/arm64)
fi
mkdir -p "$directory"

for function in "${functions[@]}"; do
  node scripts/bundle.ts "$function"
  [[ "$function" != admin ]] || node packages/dashboard/build/build.ts
  name="localhost/dispatcher-$function:$tag"
  # --timestamp 0: the layers differ in the compile cache only. podman creates a single manifest and not an image index,
  # which Lambda rejects.
  podman build --quiet --timestamp 0 "${platform[@]}" --pull=missing --from "${IMAGES_BASE:-$(dockerfile_base)}" \
    --tag "$name" --build-arg FUNCTION="$function" --build-arg SOURCE="$(image_source)" \
    --build-arg REVISION="$(image_revision)" --build-arg VERSION="$tag" . >"$scratch/build" ||
    { cat "$scratch/build"; fail "the image of $function could not be built."; }
  architecture="$(podman image inspect --format '{{.Architecture}}' "$name")"
  [[ -n "${IMAGES_BASE:-}" || "$architecture" == arm64 ]] || fail "the image of $function is for $architecture, not arm64."
  # One layout for all: they share the layers of the base image.
  podman push --quiet --digestfile "$scratch/$function" "$name" "oci:$directory/images:$function"
  node scripts/images/sbom.ts "$function" "$tag" "$(cat "$scratch/$function")" >"$directory/$function.cdx.json"
  printf '%s  %s\n' "$(sed 's/^sha256://' "$scratch/$function")" "dispatcher/$function" >>"$scratch/subjects"
done
node scripts/package/package-cli.ts "$scratch/package" "$tag"
cp "$scratch"/package/{dispatcher.mjs,dispatching.schema.json} "$directory"
npm pack --silent --pack-destination "$scratch" "$scratch/package" >/dev/null
mv "$scratch"/*.tgz "$directory/dispatcher-cli.tgz"

(cd "$scratch" && node -e '
  const { readFileSync } = require("node:fs");
  const digests = process.argv.slice(1).map((name) => [name, readFileSync(name, "utf8").trim()]);
  console.log(JSON.stringify(Object.fromEntries(digests), null, 2));
' "${functions[@]}") >"$directory/images.json"
(cd "$directory" && sha256sum images.json dispatcher.mjs dispatching.schema.json dispatcher-cli.tgz -- *.cdx.json) >>"$scratch/subjects"
mv "$scratch/subjects" "$directory/subjects.txt"
echo "images: built ${#functions[@]} as $tag"
