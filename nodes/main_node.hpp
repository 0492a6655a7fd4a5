/// A main node: control plane, HTTP API, event stream; with or without its own
/// pool. `solo`, `serve` and `dev` share it.
#pragma once

#include "config/load.hpp"

#include <functional>
#include <string>

namespace darkroom {

struct main_node_options {
  bool has_pool = false;    ///< runs jobs itself
  bool has_cluster = false; ///< worker nodes may join
  bool has_http = false;    ///< API, event stream, page
  bool is_chaos = false;    ///< actors may be killed over HTTP
  /// Called once everything runs, with the page's address (empty without HTTP).
  std::function<void(const std::string& url)> on_ready;
  settings_source load_again; ///< for HUP
};

/// Runs until a signal comes. @returns the process's exit code
int run_main_node(const loaded_settings& loaded,
                  const main_node_options& options);

} // namespace darkroom
