# Sourced by the process tests: a Redis server of the test's own.
#
#   start_redis FOLDER [option...]   sets REDIS_PORT, REDIS_PID and REDIS_URL
#   stop_redis                       ends that server and waits for it
#
# The server keeps nothing on disk unless options say so, listens on loopback,
# and takes a free port; if another process grabs that port first, another one
# is tried.

support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

free_port() {
  node --input-type=module -e "
    import { freePort } from '$support/processes.mjs';
    console.log(await freePort());"
}

start_redis() {
  local folder=$1 try
  shift
  for try in 1 2 3 4 5; do
    REDIS_PORT=$(free_port)
    redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --dir "$folder" \
      --save '' --appendonly no "$@" >"$folder/redis.log" 2>&1 &
    REDIS_PID=$!
    if redis_answers; then
      export REDIS_URL="redis://127.0.0.1:$REDIS_PORT"
      return 0
    fi
    stop_redis
  done
  echo "redis-server did not start in $try tries; its log:" >&2
  tail -n 20 "$folder/redis.log" >&2
  return 1
}

# True once the server with our pid answers; false if it died or after 5 s.
redis_answers() {
  local i
  for i in $(seq 100); do
    kill -0 "$REDIS_PID" 2>/dev/null || return 1
    if redis-cli -p "$REDIS_PORT" info server 2>/dev/null | tr -d '\r' \
      | grep -qx "process_id:$REDIS_PID"; then
      return 0
    fi
    sleep 0.05
  done
  echo "redis-server $REDIS_PID was silent for 5 s (look $i)" >&2
  return 1
}

stop_redis() {
  if [ -n "${REDIS_PID:-}" ]; then
    kill "$REDIS_PID" 2>/dev/null || true
    wait "$REDIS_PID" 2>/dev/null || true
    REDIS_PID=
  fi
}
