#!/bin/sh
# Remove from an environment what a server never uses: pip itself, what OpenVINO has for other devices and other
# formats of models, what sends traces and fetches models, data of other locales than English and of other languages of
# programming than Python, and the weights of close readers, of which it has prepared ones (in the place of each is a note
# of its SHA-256).
#
#   sh scripts/trim_server.sh VENV
set -eu

packages=$(echo "$1"/lib/python3*/site-packages)
libraries=$packages/openvino/libs
rm -f "$libraries"/libopenvino_intel_gpu_plugin.so "$libraries"/libopenvino_intel_npu_plugin.so "$libraries"/cache.json
for format in onnx tensorflow tensorflow_lite pytorch paddle gguf jax; do
    rm -f "$libraries/libopenvino_${format}_frontend.so".*
done
rm -rf "$packages"/pip "$packages"/pip-* "$packages"/setuptools "$packages"/setuptools-* "$packages"/pkg_resources
rm -rf "$packages"/hf_xet "$packages"/huggingface_hub "$packages"/zstandard
rm -rf "$packages"/openvino/include "$packages"/numpy/*/tests
find "$packages/babel/locale-data" -name '*.dat' ! -name 'en*.dat' ! -name 'root.dat' -delete
find "$packages/pygments/lexers" -name '*.py*' ! -name '_*' ! -name 'python.*' ! -name 'special.*' -delete
for weights in "$packages"/search/models/close_reading/*/*.safetensors; do
    [ -f "$weights" ] || continue
    digest=$(sha256sum "$weights") && printf '%s\n' "${digest%% *}" > "$weights.sha256" && rm "$weights"
done
