#!/usr/bin/env bash
# Prints the name of a stand-in for AWS's nodejs base image and creates it if it does not exist: the machine's Debian or
# Ubuntu, the repository's Node, AWS's runtime interface client (the build takes about a minute) and an equivalent
# entrypoint. It is created once per machine and version; IMAGES_STAND_IN_FRESH=1 creates it again.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
# shellcheck source=scripts/images/lib.sh
source scripts/images/lib.sh
need podman podman runc
choose_container_settings

ric=4.0.2
node="$(node -p process.versions.node)"
architecture="$(node -p process.arch)"
recipe="$(sha256sum scripts/images/stand-in.sh | cut -c 1-12)"
image="localhost/dispatcher-stand-in:node-$node-ric-$ric-$recipe"
if [[ -z "${IMAGES_STAND_IN_FRESH:-}" ]] && podman image exists "$image"; then
  echo "$image"
  exit
fi

[[ "$(id -u)" -eq 0 ]] || fail "the stand-in needs root (debootstrap). Run as root, or name a base image with IMAGES_BASE."
need debootstrap debootstrap
for tool in cmake g++ make autoconf automake xz; do need "$tool" "${tool/#xz/xz-utils}"; done
need libtoolize libtool
printf 'Creating the stand-in base image once: about two minutes.\n' >&2

root="$scratch/root"
# shellcheck disable=SC1091 # not part of the repository
codename="$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")"
debootstrap --variant=minbase "$codename" "$root" >"$scratch/debootstrap" 2>&1 &
debootstrap_id=$!

# The npm package of this Node version has its headers. Each package has its own prefix, because npm removes what it did
# not install there.
# The repository's .npmrc turns install scripts off, and npm passes its settings on to what `npm run` starts; the runtime
# interface client is built by one.
quietly() {
  npm install --prefix "$1" --ignore-scripts=false --no-save --no-audit --no-fund --loglevel=error "$2" >"$scratch/npm" 2>&1 ||
    { tail -n 30 "$scratch/npm" >&2; fail "$2 could not be installed."; }
}
quietly "$scratch/headers" "node-linux-$architecture@$node"
npm_config_nodedir="$scratch/headers/node_modules/node-linux-$architecture" quietly "$scratch/ric" "aws-lambda-ric@$ric"
wait "$debootstrap_id" || { tail -n 20 "$scratch/debootstrap" >&2; fail 'debootstrap failed.'; }

mkdir -p "$root/var/lang/bin" "$root/var/runtime" "$root/var/task"
cp "$(node -p process.execPath)" "$root/var/lang/bin/node"
cp "$scratch"/ric/node_modules/aws-lambda-ric/{index.mjs,package.json,rapid-client.node} "$root/var/runtime/"
cat >"$root/lambda-entrypoint.sh" <<'ENTRYPOINT'
#!/bin/sh
export _HANDLER="$1"
exec /var/lang/bin/node /var/runtime/index.mjs "$1"
ENTRYPOINT
chmod 0755 "$root/lambda-entrypoint.sh"

tar --directory "$root" --exclude=./usr/share/doc --exclude=./var/cache/apt --exclude=./var/lib/apt/lists --create . |
  podman import --quiet --change 'ENV LAMBDA_TASK_ROOT=/var/task' --change 'ENV LAMBDA_RUNTIME_DIR=/var/runtime' \
    --change 'WORKDIR /var/task' --change 'ENTRYPOINT ["/lambda-entrypoint.sh"]' - "$image" >/dev/null
echo "$image"
