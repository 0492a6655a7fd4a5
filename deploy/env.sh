# Sourced by scripts: puts the Node.js that deploy/install-deps brought, if it
# had to, first on PATH. Sets DEPS_NODE, the folder npm installs it into.
DEPS_NODE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/deps/node
for node_folder in "$DEPS_NODE"/node_modules/node-linux-*/bin; do
  if [ -x "$node_folder/node" ]; then
    PATH="$node_folder:$PATH"
    export PATH
  fi
done
unset node_folder
