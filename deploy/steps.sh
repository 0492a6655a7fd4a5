# Sourced by quickstart and tests/run: runs long steps, with output to a file.
#
#   step TITLE LOG command...   prints the title and the seconds taken; if the
#                               command fails, also the end of the log, and
#                               returns the command's status
#   failures_in LOG LINES       prints what its failed tests said

# Puts into REPLY the CPU seconds of all children that have ended, as far as they
# waited for theirs. A call in $(…) would ask a shell without children.
children_cpu() {
  local stat
  read -r -a stat <"/proc/$BASHPID/stat"
  REPLY=$(((stat[15] + stat[16]) / $(getconf CLK_TCK)))
}

# What a log says of failed tests. Node writes what was wrong in the lines after
# "error: |-", CAF in a line that begins with !!, after what the test said ("-> …",
# which may quote an error that was expected).
failures_in() { # LOG LINES
  [ -r "$1" ] || return 0
  {
    grep -E -A 3 '^(✖ |not ok |FAIL|.*\(Failed\)$|.*\(Timeout\)$)|^[^>]*[Ee]rror( \[[A-Z_]*\])?: |: MISSED\)$' "$1" || :
    sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E -B 1 '^ *!! ' || :
  } | awk '$0 != "--" && !seen[$0]++' | head -n "$2" | cut -c 1-160 | sed 's/^/    ! /'
}

step() {
  local title=$1 log=$2 started=$SECONDS status=0 cpu
  shift 2
  mkdir -p "$(dirname "$log")"
  printf '==> %s (log: %s)\n' "$title" "${log#"$PWD"/}"
  children_cpu
  cpu=$REPLY
  "$@" >"$log" 2>&1 </dev/null || status=$?
  children_cpu
  if [ "$status" = 0 ]; then
    printf '    done in %d s (%d s of CPU): %s\n' $((SECONDS - started)) \
      $((REPLY - cpu)) "$title"
    return 0
  fi
  printf '    FAILED with status %d after %d s: %s; the end of the log:\n' \
    "$status" $((SECONDS - started)) "$title"
  failures_in "$log" 40 # they come first, because a reader may cut off the end
  tail -n 40 "$log" | sed 's/^/    | /'
  return "$status"
}
