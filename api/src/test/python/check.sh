#!/usr/bin/env bash
# Checks the Python client: format, lint, types, then the tests, against the package as pip installs
# it, on every interpreter from 3.10 to 3.14 that is on the path. Its one argument is the folder that
# its tools go to.
set -euo pipefail
cd "$(dirname "$0")/../../.."
tools=$1
requirements=src/test/python/requirements.txt
export PYTHONDONTWRITEBYTECODE=1

# Makes an environment of that interpreter, unless it is there already.
environment() {
    local python=$1 folder=$2
    if ! cmp -s "$requirements" "$folder/complete"; then
        rm -rf "$folder"
        "$python" -m venv "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
        cp "$requirements" "$folder/complete"
    fi
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --force-reinstall ./src/main/python
}

pythons=()
for python in python3.10 python3.11 python3.12 python3.13 python3.14; do
    # A name on the path may be a shim of a version that is not there.
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        pythons+=("$python")
    fi
done
if [ ${#pythons[@]} -eq 0 ]; then
    echo "No Python from 3.10 to 3.14 with venv is on the path; the client's tests need one." >&2
    exit 1
fi

for python in "${pythons[@]}"; do
    environment "$python" "$tools/$python"
done
bin=$tools/${pythons[0]}/bin
"$bin/ruff" format --no-cache --check src/main/python src/test/python
"$bin/ruff" check --no-cache src/main/python src/test/python
# As the reference has them: imports inside of functions.
"$bin/ruff" check --no-cache --config pyproject.toml --ignore I001,PLC0415 ../examples/python
"$bin/mypy" --cache-dir "$tools/mypy"
for python in "${pythons[@]}"; do
    "$tools/$python/bin/python" -m pytest
done
