# Sourced by scripts that run node in a folder `work` of their own. However the
# script ends, its child `runner` ends first, then Redis if the script has one,
# and the folder goes.
# shellcheck shell=bash
runner=
finish() {
  trap - EXIT INT TERM
  if [ -n "$runner" ]; then
    kill "$runner" 2>/dev/null || true
    wait "$runner" 2>/dev/null || true
  fi
  if declare -F stop_redis >/dev/null; then
    stop_redis
  fi
  rm -rf "${work:?}"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
