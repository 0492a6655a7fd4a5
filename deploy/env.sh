# Sourced by scripts: puts the Node.js that deploy/install-deps brought (if it
# had to) first on PATH.
darkroom_node=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/deps/node/bin
if [ -x "$darkroom_node/node" ]; then
  PATH="$darkroom_node:$PATH"
  export PATH
fi
unset darkroom_node
