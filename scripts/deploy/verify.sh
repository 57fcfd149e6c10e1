#!/usr/bin/env bash
# Verifies a release: its tag's commit is on the default branch, and GitHub attests that images, images.json and
# dispatcher.mjs were built by this repository's release workflow from that tag and that commit. Ends with the commit.
#
#   IMAGE_REGISTRY=… DEFAULT_BRANCH=main scripts/deploy/verify.sh OWNER/REPOSITORY TAG DIRECTORY
#
# DIRECTORY has the release's images.json and dispatcher.mjs. Needs a complete clone, `gh` with a token that reads
# attestations, and a login to the registry.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 3 && -n "${IMAGE_REGISTRY:-}" && -n "${DEFAULT_BRANCH:-}" ]] ||
  fail 'usage: IMAGE_REGISTRY=… DEFAULT_BRANCH=main scripts/deploy/verify.sh OWNER/REPOSITORY TAG DIRECTORY'
repository="$1"
tag="$2"
verified="$(scripts/deploy/verify-tag.sh "$tag" "$DEFAULT_BRANCH")"
commit="${verified#commit=}"

# attested ARTIFACT NAME
attested() {
  gh attestation verify "$1" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" \
    --source-ref "refs/tags/$tag" --source-digest "$commit" --deny-self-hosted-runners >/dev/null ||
    fail "$2 has no valid attestation for $tag at $commit, so it must not be deployed."
}
attested "$3/images.json" images.json
attested "$3/dispatcher.mjs" dispatcher.mjs
for function in ingress planning dispatch facts admin; do
  digest="$(sed -n "s/.*\"$function\": \"\(sha256:[0-9a-f]\{64\}\)\".*/\1/p" "$3/images.json")"
  [[ -n "$digest" ]] || fail "$3/images.json has no digest for $function."
  attested "oci://$IMAGE_REGISTRY/dispatcher/$function@$digest" "the image of $function"
done
echo "deploy: $tag verified: 5 images, images.json and dispatcher.mjs, built from $commit"
