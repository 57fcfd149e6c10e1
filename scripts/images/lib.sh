# shellcheck shell=bash
# Functions of the image scripts. Source it from the repository root, with `set -euo pipefail`.

# shellcheck disable=SC2034 # the scripts that source this use it
functions=(ingress planning dispatch facts admin)
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'images: %s\n' "$1" >&2
  exit 1
}

as_root() {
  if [[ "$(id -u)" -eq 0 ]]; then
    "$@"
  elif sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    fail "'$*' needs root, and sudo asks for a password. Run the command yourself, then start again."
  fi
}

# need COMMAND PACKAGE...: installs the Debian packages if the command is missing.
need() {
  command -v "$1" >/dev/null && return
  command -v apt-get >/dev/null || fail "$1 is missing, and so is apt-get to install it. Install $1, or set IMAGES_WAIVED=reason."
  printf 'Installing %s…\n' "${*:2}" >&2
  as_root apt-get update -qq >"$scratch/apt" 2>&1 || true # an older package list may be enough
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${@:2}" >>"$scratch/apt" 2>&1; then
    tail -n 20 "$scratch/apt" >&2
    fail "$1 could not be installed."
  fi
}

# Prints the base image of the Dockerfile.
dockerfile_base() {
  sed -n 's/^FROM \(\S*\).*/\1/p' Dockerfile
}

# Values of the image labels. The pipeline sets IMAGE_SOURCE to the URL of the repository; the URL of a git remote could
# contain a token.
image_source() {
  printf '%s' "${IMAGE_SOURCE:-local}"
}

image_revision() {
  printf '%s' "${IMAGE_REVISION:-$(git rev-parse HEAD)}"
}

# podman's defaults fail with cgroups v1 and low limits, as in a container or a small virtual machine. An existing
# CONTAINERS_CONF is kept.
choose_container_settings() {
  [[ -n "${CONTAINERS_CONF:-}" || "$(id -u)" -ne 0 || ! -d /sys/fs/cgroup/memory ]] && return
  cat >"$scratch/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
  need runc runc
  export CONTAINERS_CONF="$scratch/containers.conf"
}

# try_container_settings IMAGE: runs one trivial container, to distinguish a machine that cannot run containers from an
# image that does not work.
try_container_settings() {
  podman run --rm --network host --entrypoint /bin/sh "$1" -c true 2>"$scratch/try" && return
  cat "$scratch/try" >&2
  fail "podman cannot run a container on this machine; see its message above. Name other settings with CONTAINERS_CONF, or skip the images with IMAGES_WAIVED=reason."
}
