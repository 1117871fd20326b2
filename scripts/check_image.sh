#!/bin/sh
# Build the image of a server and try it as it is to be run: read-only, as user 10001, without capabilities and without
# a network. It makes a key, indexes the sample corpus, asks, and serves; then the sizes are printed.
#
#   sh scripts/check_image.sh
#
# PODMAN is the command with its options, BUILD further options of `podman build`, RUN of `podman run`; IMAGE names one that
# is built already. Where the image that ours is built on cannot be pulled, scripts/base_image.sh makes one like it.
set -eu

cd "$(dirname "$0")/.."
podman=${PODMAN:-podman}
image=${IMAGE:-dateline-check} volume=dateline-check server=dateline-check
question='when will missiles be used?' words='within weeks'

fail() { printf '%s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }
inside() {
    # shellcheck disable=SC2086 # options are several words
    $podman run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network none \
        --volume "$volume:/var/lib/dateline" --volume "$PWD/corpus/markdown:/news:ro" ${RUN:-} "$@"
}
clean() {
    $podman rm --force "$server" > /dev/null 2>&1 || true
    $podman volume rm "$volume" > /dev/null 2>&1 || true
}

if [ -z "${IMAGE:-}" ]; then
    say "building"
    # shellcheck disable=SC2086
    $podman build --format docker --file deploy/Containerfile --tag "$image" ${BUILD:-} .
fi
clean
trap clean EXIT
$podman volume create "$volume" > /dev/null

say "as whom, and what can be written"
[ "$(inside --entrypoint id "$image" -u)" = 10001 ] || fail "It does not run as user 10001."
inside --entrypoint sh "$image" -c 'touch /tmp/x /var/lib/dateline/x && rm /var/lib/dateline/x' || fail "It cannot write."
for place in / /opt/dateline /opt/models /etc; do
    if inside --entrypoint sh "$image" -c "touch $place/x" 2> /dev/null; then fail "It can write to $place."; fi
done

say "without a key it is not served, with one it is"
code=0
(podman="timeout 60 $podman"; inside "$image" serve 2> /dev/null) || code=$?
[ "$code" = 2 ] || fail "Without keys it is not refused: serve ended with $code (124: it served)."
key=$(inside "$image" keys create desk --json | sed -n 's/.*"key": *"\(dl_[^"]*\)".*/\1/p')
[ -n "$key" ] || fail "There is no key."

say "indexing and asking"
inside "$image" index /news
inside "$image" ask "$question" --json | grep -q "$words" || fail "The answer is another."

say "serving"
# shellcheck disable=SC2086
$podman run --detach --name "$server" --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
    --network none --volume "$volume:/var/lib/dateline" ${RUN:-} "$image" > /dev/null
$podman exec --interactive "$server" python - "$key" "$question" "$words" << 'PROGRAM'
import json, sys, time, urllib.error, urllib.parse, urllib.request

key, question, words = sys.argv[1:]
server = "http://127.0.0.1:8000"

def status(path, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(server + path, headers=headers), timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 0, str(error).encode()

until = time.monotonic() + 120
while status("/readyz")[0] != 200:
    assert time.monotonic() < until, status("/readyz")
    time.sleep(0.5)
asked = "/v1/ask?" + urllib.parse.urlencode({"q": question})
assert status(asked)[0] == 401
code, answer = status(asked, Authorization=f"Bearer {key}")
assert code == 200 and words in json.loads(answer)["citations"][0]["quote"], answer
print("answered:", json.loads(answer)["citations"][0]["quote"])
import importlib.util
for name in ("torch", "transformers", "sentence_transformers"):
    assert importlib.util.find_spec(name) is None, f"{name} is installed"
PROGRAM
$podman healthcheck run "$server" || fail "It is not healthy."
$podman stop --time 20 "$server" > /dev/null
code=$($podman inspect --format '{{.State.ExitCode}}' "$server")
[ "$code" = 0 ] || fail "It ended with exit code $code."

say "sizes"
inside --entrypoint du "$image" -sm /opt/dateline /opt/models
$podman image inspect --format 'image: {{.Size}} bytes' "$image"
