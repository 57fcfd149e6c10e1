#!/usr/bin/env bash
# Verifies that the commit of a release tag is on the default branch. Without this check a person who may push tags, but
# not to the default branch, could release and deploy a commit that nobody reviewed. Ends with the commit.
#
#   scripts/deploy/verify-tag.sh TAG DEFAULT_BRANCH
#
# Needs a complete clone (`git fetch --tags origin`, or `fetch-depth: 0` of actions/checkout): the history of a shallow
# one ends before most tags. Compares qualified names: a tag with the name of the default branch does not pass for it.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/deploy/lib.sh
source scripts/deploy/lib.sh
[[ $# -eq 2 ]] || fail 'usage: scripts/deploy/verify-tag.sh TAG DEFAULT_BRANCH'
[[ "$1" =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "'$1' is not the tag of a release, such as v1.2.3."
[[ "$(git rev-parse --is-shallow-repository)" == false ]] ||
  fail 'this clone is shallow, so the history of the default branch is incomplete. Run git fetch --unshallow.'
branch="refs/remotes/origin/$2"
git rev-parse --quiet --verify "$branch^{commit}" >/dev/null || fail "origin has no branch $2. Run git fetch origin."
commit="$(git rev-parse --quiet --verify "refs/tags/$1^{commit}")" || fail "there is no tag $1. Run git fetch --tags origin."
git merge-base --is-ancestor "$commit" "$branch" ||
  fail "the commit of $1 is not on $2, so it must be neither released nor deployed. Merge it, then tag the merged commit."
set_output commit "$commit"
