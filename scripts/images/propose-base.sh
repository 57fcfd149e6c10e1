#!/usr/bin/env bash
# Opens a pull request for a Dockerfile that pin-base.ts has changed. Does nothing if nothing changed, or if the pull request
# exists already.
#
#   GH_TOKEN=… scripts/images/propose-base.sh DEFAULT_BRANCH
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ $# -eq 1 && -n "${GH_TOKEN:-}" ]] || {
  echo 'usage: GH_TOKEN=… scripts/images/propose-base.sh DEFAULT_BRANCH' >&2
  exit 1
}
if git diff --quiet -- Dockerfile; then
  echo 'images: the base image is up to date.'
  exit 0
fi
digest="$(sed -n 's/^FROM .*@sha256:\([0-9a-f]\{12\}\).*/\1/p' Dockerfile)"
branch="base-image-$digest"
repository="${GITHUB_REPOSITORY:?}"
# Over the API, so that no token is stored in the clone. The commit is signed by GitHub.
commit="$(git rev-parse HEAD)"
if ! gh api "repos/$repository/git/refs" --field "ref=refs/heads/$branch" --field "sha=$commit" >/dev/null 2>&1; then
  echo "images: the branch $branch exists already."
  exit 0
fi
gh api --method PUT "repos/$repository/contents/Dockerfile" --field "branch=$branch" \
  --field 'message=Update the base image' --field "content=$(base64 -w 0 Dockerfile)" \
  --field "sha=$(git rev-parse HEAD:Dockerfile)" >/dev/null
gh pr create --repo "$repository" --base "$1" --head "$branch" --title 'Update the base image' \
  --body 'The digest of the base image that its tag names now. The checks build and run the images on it.'
