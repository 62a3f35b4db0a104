#!/bin/sh
# Makes the virtual environment for the tests of engine surya: ocrkit and the real surya-ocr beside it.
#   sh scripts/setup-surya.sh VENV
# torch comes first and as a CPU build, for surya-ocr only imports it and the usual build brings gigabytes of CUDA:
# from the index that pip is set up with, if that has one, else from PyTorch's own. TORCH_INDEX names another index.
set -eu

venv=$1
torch=2.13.0
index=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

say() { echo "setup: $*" >&2; }

pip_install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@" >"$log" 2>&1 </dev/null
}

fail() {
    tail -n 30 "$log" >&2
    say "$*"
    exit 1
}

# The environment itself, with ocrkit: as everywhere else.
sh scripts/setup.sh "$venv" run

say "installing torch $torch, CPU build"
pip_install "torch==$torch+cpu" || pip_install --index-url "$index" "torch==$torch" ||
    fail "no CPU build of torch $torch; name an index that has one: TORCH_INDEX=… make test-surya"

say "installing surya-ocr"
# torch is named again, or a newer torchvision would replace it by a CUDA build.
pip_install "torch==$torch" -e ".[surya]" "pytest>=8.3" || fail "pip failed, see above"

# The registry's torchvision is built for CUDA and breaks transformers beside a CPU build of torch; nothing here needs it.
"$venv/bin/python" -m pip uninstall --disable-pip-version-check -y torchvision >"$log" 2>&1 || fail "pip failed, see above"
