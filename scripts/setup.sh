#!/bin/sh
# Makes the virtual environment and installs ocrkit into it, editable:
#   sh scripts/setup.sh VENV run [EXTRAS] what recognizing needs, and the extras
#   sh scripts/setup.sh VENV dev EXTRAS   that, the example plugin, and the programs the tests call
# Says one line a step on stderr and shows a log only of what fails. Run again, it does only what is missing.
set -eu

venv=$1
purpose=$2
extras=${3:-}

# What the tests call to read results back, languages to recognize, and fonts to draw them with.
programs="poppler-utils qpdf libreoffice-writer-nogui libreoffice-calc-nogui
postgresql fonts-noto-core fonts-droid-fallback fonts-nanum tesseract-ocr-all apertium apertium-eng-spa"

log=$(mktemp)
trap 'rm -f "$log"' EXIT

say() { echo "setup: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Runs a command with its output kept back; shows the end of it if the command fails.
quietly() {
    "$@" >"$log" 2>&1 </dev/null || {
        tail -n 30 "$log" >&2
        return 1
    }
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "needs Python 3.11 or later; install it, or name it: make PYTHON=/path/to/python3"
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    # A fresh machine has no package lists, an old one stale lists: fetch them only if it does not work without.
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 </dev/null && return
    quietly apt-get update && quietly apt-get install -y --no-install-recommends "$@"
}

make_venv() {
    python=$(find_python) || exit 1
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv" >"$log" 2>&1 && return
    # Debian and Ubuntu keep part of the venv module in a package of its own, one for each version of Python.
    package=python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    if may_install; then
        say "installing $package"
        if apt_install "$package" && "$python" -m venv --clear "$venv" >"$log" 2>&1; then return; fi
    fi
    "$python" -m virtualenv --clear "$venv" >"$log" 2>&1 && return
    rm -rf "$venv"
    fail "cannot make a virtual environment; as root: apt-get install $package"
}

install_programs() {
    command -v dpkg-query >/dev/null || return 0
    missing=
    for package in $programs; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if may_install; then
        say "installing$missing"
        # shellcheck disable=SC2086  # one word a package
        apt_install $missing || fail "the packages above cannot be installed"
    else
        say "some tests need more; as root: apt-get install$missing"
    fi
}

"$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv

case $purpose in
run)
    say "installing ocrkit${extras:+ with $extras}"
    set -- -e ".${extras:+[$extras]}"
    ;;
dev)
    install_programs
    say "installing ocrkit with $extras"
    set -- -e ".[$extras]" -e plugins/ocrkit-echo
    ;;
*) fail "unknown purpose: $purpose" ;;
esac
quietly "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@" ||
    fail "pip failed, see above"
