#!/bin/sh
# Make a stand-in for the image that deploy/Containerfile is built on, from the packages of Debian, under its name: for
# machines that reach those and no registry of images. Takes mmdebstrap and podman, and root.
#
#   sh scripts/base_image.sh
set -eu

cd "$(dirname "$0")/.."
podman=${PODMAN:-podman}
base=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' deploy/Containerfile | sort -u)
release=${base##*-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mmdebstrap --quiet --variant=minbase --include=ca-certificates,python3,python3-venv "$release" "$folder/base.tar"
$podman import --quiet --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' "$folder/base.tar" "$base"
