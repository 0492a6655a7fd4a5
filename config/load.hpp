/// Loads settings: flag > environment > TOML file > default.
///
///     load_request request;
///     request.variables = capture_environment();
///     request.flags = {{"http.port", "8080", "flag --port"}};
///     auto loaded = load_settings(request);
///     if (!loaded)
///       … print loaded.error().context, exit with 2
#pragma once

#include "config/assignment.hpp"
#include "config/read_environment.hpp"
#include "config/settings.hpp"
#include "messages/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Where settings may come from. Nothing else is looked at, so tests own it.
struct load_request {
  /// `--config`: must exist. Without it DARKROOM_CONFIG (must exist too), then
  /// the first of `search` that exists; no file at all is fine.
  std::optional<std::string> config_path;
  std::vector<std::string> search{"./darkroom.toml",
                                  "/etc/darkroom/darkroom.toml"};
  environment variables; ///< see `capture_environment()`
  /// Defaults of a command ("default of darkroom dev"): weaker than the file.
  std::vector<assignment> defaults;
  /// Flags; later ones win. See `parse_set_flag`.
  std::vector<assignment> flags;
};

/// Settings, checked, and where each comes from.
struct loaded_settings {
  settings values;
  origins from;
  std::string file;                  ///< that was read; empty if none
  std::vector<std::string> warnings; ///< to be logged once the log runs
};

/// A setting as shown in the log at start.
struct setting_line {
  std::string key;    ///< "http.port"
  std::string text;   ///< "3000"; "****" for a secret that is set
  std::string origin; ///< "default", "darkroom.toml:3:8", …
};

/// Loads and checks.
/// @returns ec::bad_config with one sentence naming origin, key, value and what
/// is allowed. Values of secrets are never in it.
result<loaded_settings> load_settings(const load_request& request);

/// Reads the argument of `--set section.key=value`.
/// @returns ec::bad_config if it has no '=' or names no setting.
result<assignment> parse_set_flag(const std::string& argument);

/// Every setting in the table's order, secrets masked.
std::vector<setting_line> describe(const loaded_settings& loaded);

} // namespace darkroom
