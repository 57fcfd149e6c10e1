#!/usr/bin/env bash
# Pushes the images that scripts/images/build.sh built, byte for byte: the registry must have exactly the digests of
# images.json. A tag can be pushed only once, because tags are immutable; an image that is already there is left alone.
#
#   IMAGE_REGISTRY=… scripts/images/push.sh TAG DIRECTORY
#
# Needs a login to the registry (`aws ecr get-login-password | podman login --username AWS --password-stdin …`), and
# neither Node nor packages. IMAGE_REGISTRY_INSECURE=true allows a registry without TLS, for testing this script.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
[[ $# -eq 2 && -n "${IMAGE_REGISTRY:-}" ]] || fail 'usage: IMAGE_REGISTRY=… scripts/images/push.sh TAG DIRECTORY'
need skopeo skopeo
tls="$([[ "${IMAGE_REGISTRY_INSECURE:-}" == true ]] && echo false || echo true)"

for function in "${functions[@]}"; do
  digest="$(sed -n "s/.*\"$function\": \"\(sha256:[0-9a-f]\{64\}\)\".*/\1/p" "$2/images.json")"
  [[ -n "$digest" ]] || fail "$2/images.json has no digest for $function."
  source="oci:$2/images:$function"
  [[ "$(skopeo inspect --format '{{.Digest}}' "$source")" == "$digest" ]] ||
    fail "the image of $function in $2/images is not the one of images.json."
  name="docker://$IMAGE_REGISTRY/dispatcher/$function:$1"
  # After a failed push, the pipeline's job starts again with the same images.
  pushed="$(skopeo inspect --tls-verify="$tls" --no-tags --format '{{.Digest}}' "$name" 2>/dev/null || true)"
  if [[ -z "$pushed" ]]; then
    skopeo copy --quiet --preserve-digests --dest-tls-verify="$tls" --digestfile "$scratch/$function" "$source" "$name"
    pushed="$(cat "$scratch/$function")"
  fi
  [[ "$pushed" == "$digest" ]] || fail "the registry has $pushed as $1 of $function, not $digest. Release another version."
done
echo "images: pushed ${#functions[@]} as $1"
