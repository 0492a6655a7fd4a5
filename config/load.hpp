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

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// All sources of settings. Nothing else is read, so tests control everything.
struct load_request {
  /// From `--config`; this file must exist. Without it, DARKROOM_CONFIG counts,
  /// which must exist too; without that, the first existing file of `search`.
  /// There may be no file at all.
  std::optional<std::string> config_path;
  std::vector<std::string> search{"./darkroom.toml",
                                  "/etc/darkroom/darkroom.toml"};
  environment variables; ///< see `capture_environment()`
  /// Defaults of a command ("default of darkroom dev"): weaker than the file.
  std::vector<assignment> defaults;
  /// Flags; later ones win. See `parse_set_flag`.
  std::vector<assignment> flags;
};

/// Checked settings, and where each comes from.
struct loaded_settings {
  settings values;
  origins from;
  std::string file;                  ///< the file that was read; empty if none
  bool has_own_variants = false;     ///< the file has [[variants]]
  std::vector<std::string> warnings; ///< to log once the log runs
};

/// A setting as shown in the log at start.
struct setting_line {
  std::string key;    ///< "http.port"
  std::string text;   ///< "3000"; "****" for a secret that is set
  std::string origin; ///< "default", "darkroom.toml:3:8", …
};

/// Loads and checks settings.
/// @returns ec::bad_config with one sentence naming origin, key, value and what
/// is allowed. It never contains values of secrets.
result<loaded_settings> load_settings(const load_request& request);

/// Loads settings again from where they came.
using settings_source = std::function<result<loaded_settings>()>;

/// Reads the argument of `--set section.key=value`.
/// @returns ec::bad_config if it has no '=' or an unknown key.
result<assignment> parse_set_flag(const std::string& argument);

/// Every setting in the table's order, with secrets masked.
std::vector<setting_line> describe(const loaded_settings& loaded);

} // namespace darkroom
