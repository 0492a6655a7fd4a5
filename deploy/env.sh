# Sourced by scripts: if deploy/install-deps installed a Node.js, puts it first
# on PATH. Sets DEPS_NODE, the folder where npm installs it.
DEPS_NODE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/deps/node
for node_folder in "$DEPS_NODE"/node_modules/node-linux-*/bin; do
  if [ -x "$node_folder/node" ]; then
    PATH="$node_folder:$PATH"
    export PATH
  fi
done
unset node_folder
