/// What differs between two settings of one process.
#pragma once

#include "config/settings.hpp"

#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// A setting that differs, for people: secrets are masked.
struct setting_change {
  std::string key; ///< "http.port", "vision.providers"
  std::string before;
  std::string after;
};

/// All settings that differ, in the order of the table.
std::vector<setting_change> changes_between(const settings& before,
                                            const settings& after);

/// Copies each setting from `from` whose key `is_wanted`.
void copy_settings(
  const settings& from, settings& to,
  const std::function<bool(const std::string& key)>& is_wanted);

} // namespace darkroom
