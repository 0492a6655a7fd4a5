# Sourced by quickstart and tests/run: long steps with their output in a file.
#
#   step TITLE LOG command...   prints the title and the seconds taken; on
#                               failure the log's end, and returns its status

step() {
  local title=$1 log=$2 started=$SECONDS status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  printf '==> %s (log: %s)\n' "$title" "${log#"$PWD"/}"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" = 0 ]; then
    printf '    done in %d s: %s\n' $((SECONDS - started)) "$title"
    return 0
  fi
  printf '    FAILED with status %d after %d s: %s; the end of the log:\n' \
    "$status" $((SECONDS - started)) "$title"
  # First the tests that failed: who prints this may cut its end.
  grep -E '^(✖ |not ok |FAILED|.*\(Failed\)$)|error: ' "$log" | sort -u | head -n 10 \
    | sed 's/^/    ! /'
  tail -n 40 "$log" | sed 's/^/    | /'
  return "$status"
}
