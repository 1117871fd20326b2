#!/bin/sh
# Make a virtual environment and install Dateline into it, with the CPU build of torch.
#
#   sh scripts/install.sh PYTHON VENV REQUIREMENT
#
# The CPU build comes from PyTorch's own index where that answers; elsewhere pip takes what it finds, which on
# Linux may be the larger CUDA build. The probe gives up after a few seconds instead of pip's minutes of retries.
set -eu

python=$1 venv=$2 requirement=$3
torch_index=https://download.pytorch.org/whl/cpu
torch='torch>=2.6'

say() { printf '%s\n' "$*" >&2; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "Dateline needs Python 3.11 or later; $("$python" --version) was found. Try: make PYTHON=python3.12 ..."
    exit 1
}
[ -x "$venv/bin/python" ] || { say "making $venv"; "$python" -m venv "$venv"; }
pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }
pip install --quiet --upgrade 'pip>=25.1'

if ! "$venv/bin/python" -c 'import torch' 2>/dev/null; then
    if "$venv/bin/python" -c "import urllib.request as u; u.urlopen('$torch_index/torch/', timeout=5)" 2>/dev/null
    then
        say "installing torch (CPU build) from $torch_index"
        pip install --quiet --index-url "$torch_index" "$torch"
    else
        say "installing torch (PyTorch's CPU index cannot be reached)"
        pip install --quiet torch==2.13.0 || pip install --quiet "$torch"
    fi
fi
say "installing Dateline"
pip install --quiet --editable "$requirement"
