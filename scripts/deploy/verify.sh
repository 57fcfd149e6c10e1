#!/usr/bin/env bash
# Verifies GitHub's attestation of each image of a release: built by this repository's release workflow from this tag.
#
#   IMAGE_REGISTRY=… scripts/deploy/verify.sh OWNER/REPOSITORY TAG IMAGES_FILE
#
# Needs `gh` with a token that reads attestations, and a login to the registry.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 3 && -n "${IMAGE_REGISTRY:-}" ]] || fail 'usage: IMAGE_REGISTRY=… scripts/deploy/verify.sh OWNER/REPOSITORY TAG IMAGES_FILE'
attested() {
  gh attestation verify "$1" --repo "$2" --signer-workflow "$2/.github/workflows/release.yml" --source-ref "refs/tags/$3" >/dev/null ||
    fail "$4 has no valid attestation, so it must not be deployed."
}
attested "$3" "$1" "$2" images.json
for function in ingress planning dispatch facts admin; do
  digest="$(sed -n "s/.*\"$function\": \"\(sha256:[0-9a-f]\{64\}\)\".*/\1/p" "$3")"
  [[ -n "$digest" ]] || fail "$3 has no digest for $function."
  attested "oci://$IMAGE_REGISTRY/dispatcher/$function@$digest" "$1" "$2" "the image of $function"
done
echo 'deploy: 5 images verified'
