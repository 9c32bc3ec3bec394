# Sourced by ./quire and ./test with $here set: an environment in .venv, in step with pyproject.toml, and a built editor.
# Sets $venv and $python. Needs Python 3.11 or newer with venv, nothing else; quiet when there is nothing to do.
venv="$here/.venv"
stamp="$venv/.quire-stamp"
groups=${groups:-}

for candidate in "$PYTHON" python3 python3.13 python3.12 python3.11 python; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(command -v "$candidate")
    break
  fi
done
if [ -z "$python" ]; then
  echo "quire: needs Python 3.11 or newer; found $(python3 --version 2>&1 || echo none). Install it, or name one: PYTHON=/path/to/python $0" >&2
  exit 2
fi

want=$(cat "$here/pyproject.toml" "$here/constraints.txt" "$here/scripts/setup.sh" | cksum; echo "$python $groups $here")
if [ ! -x "$venv/bin/quire" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
  echo "quire: setting up .venv (once; a minute or two) …" >&2
  rm -f "$stamp"
  uv="$here/.uv/bin/uv"
  if [ ! -x "$uv" ]; then
    "$python" -m venv "$here/.uv" || {
      echo "quire: this Python has no venv; on Debian: apt install python3-venv" >&2
      exit 2
    }
    "$here/.uv/bin/python" -m pip install --quiet --disable-pip-version-check uv
  fi
  [ -x "$venv/bin/python" ] || "$uv" venv --quiet --no-project --python "$python" "$venv"
  (
    cd "$here"
    "$uv" pip install --quiet --python "$venv/bin/python" --constraint constraints.txt \
      --group dev --editable '.[recommended]'
  )
  "$venv/bin/python" -m compileall -q "$here/src" >/dev/null || true
  printf '%s' "$want" >"$stamp"
fi
"$venv/bin/python" "$here/build_frontend.py" --if-stale >&2
