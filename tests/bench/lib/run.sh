# Sourced by the benches' `run` scripts, which set `root` before. Finds the
# binary, installs the npm packages, and defines run_bench.
# shellcheck shell=bash disable=SC2154
# shellcheck source=../../../deploy/env.sh
. "$root/deploy/env.sh"

export DARKROOM=${DARKROOM:-"$root/build/release/darkroom"}
if [ ! -x "$DARKROOM" ]; then
  echo "bench: there is no $DARKROOM; build it with" \
    "'cmake --preset release && cmake --build --preset release'" >&2
  exit 2
fi
"$root/tests/support/npm-install"

work=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
# shellcheck source=../../support/runner.sh
. "$root/tests/support/runner.sh"

# Runs bench.mjs of a bench's folder, and ends with its exit status.
run_bench() { # NAME arguments…
  BENCH_FOLDER=$work BENCH_RESULT="$root/build/bench/$1.json" \
    node "$root/tests/bench/$1/bench.mjs" "${@:2}" &
  # runner.sh ends it.
  # shellcheck disable=SC2034
  runner=$!
  local status=0
  wait "$runner" || status=$?
  runner=
  exit "$status"
}
