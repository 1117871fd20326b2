#!/bin/sh
# Make a release: check, test, build, tag. Nothing is pushed or uploaded.
#
#   sh scripts/release.sh VERSION
set -eu

version=$1
python=.venv/bin/python
cd "$(dirname "$0")/.."

fail() { printf '%s\n' "$*" >&2; exit 1; }

[ -z "$(git status --porcelain)" ] || fail "There are changes that are not committed."
[ "$(git branch --show-current)" = main ] || fail "This is not the branch main."
grep -q "^version = \"$version\"$" pyproject.toml || fail "pyproject.toml has another version than $version."
grep -q "^## $version (20[0-9][0-9]-[01][0-9]-[0-3][0-9])$" CHANGELOG.md || fail "CHANGELOG.md has no day for $version."
git rev-parse --quiet --verify "refs/tags/v$version" > /dev/null && fail "There is a tag v$version already."

"$python" -m pip --quiet install --no-deps --editable .  # what is installed tells its version to the description
"$python" scripts/generate_docs.py --check
"$python" scripts/lock_server.py --check
"$python" scripts/record_examples.py --description
git diff --quiet || fail "docs/openapi.json was out of date; commit it."
make check
make test
rm -rf dist
"$python" -m pip --quiet install build
"$python" -m build --outdir dist
git tag --annotate "v$version" --message "Dateline $version"
printf 'dist/ and the tag v%s are made. Push the tag and upload dist/ when they are right.\n' "$version"
