/// One row of the table of settings: everything about one setting. Files,
/// environment, flags, checks and the reference are all derived from the rows.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace darkroom {

/// The two members behind `queue.limit`, written "10/60s" or "off".
struct rate_place {
  uint32_t* max;
  milliseconds* window;
};

/// Where a setting is stored; points into a `settings` object. An optional
/// number is written "auto" while it has no value: the node chooses one.
using place = std::variant<std::string*, bool*, int*, uint16_t*, uint32_t*,
                           uint64_t*, milliseconds*, std::chrono::seconds*,
                           std::optional<uint32_t>*, std::optional<uint64_t>*,
                           double*, std::vector<std::string>*, rate_place>;

/// How a setting is written.
enum class field_type {
  text,
  boolean,
  number,
  size,
  duration,
  list,
  rate,
  amount
};

/// A row. `least` and `most` are allowed values, in milliseconds for durations
/// and in bytes for sizes.
struct field {
  std::string section;
  std::string key;
  field_type type = field_type::text;
  place (*at)(settings&) = nullptr;
  int64_t least = 0;
  int64_t most = std::numeric_limits<int64_t>::max();
  bool takes_auto = false; ///< a number or size that the node may choose
  std::vector<std::string> choices{}; ///< allowed texts; empty = any text
  bool required = false;              ///< a text that must not be empty
  bool secret = false;                ///< never shown
  std::string env{};                  ///< a name that users know: "REDIS_HOST"
  std::string unit{};                 ///< of numbers or of a list: "pixels"
  std::string reason{};               ///< one sentence

  /// "section.key".
  std::string name() const {
    return section + '.' + key;
  }
};

/// A row's `at` for a member of a section: `at<&settings::redis,
/// &redis_settings::host>`.
template <auto Section, auto Member>
place at(settings& all) {
  return &(all.*Section.*Member);
}

/// Stands for a number that the node chooses.
inline constexpr const char* auto_word = "auto";

/// A section of the file and the sentence that introduces it.
struct section {
  std::string name;
  std::string about;
};

/// All sections, in the order of the shipped file.
const std::vector<section>& all_sections();

/// All rows, section by section, in the order of the shipped file.
const std::vector<field>& all_fields();

/// The row of "section.key".
/// @returns ec::bad_config with a suggestion if there is none.
result<const field*> find_field(std::string_view name);

/// The environment variable that every field has: "DARKROOM_HTTP_PORT".
std::string environment_name(const field& row);

/// Reads `text` into the field's place in `all`.
/// @returns ec::bad_config: the rest of a sentence that begins with the key,
/// such as `= "abc" is not a whole number; allowed: 1 to 65535`.
status write_field(const field& row, std::string_view text, settings& all);

/// The value as text that `write_field` understands, even if it is secret.
std::string read_field(const field& row, const settings& all);

/// `text` for people: a secret as "****", a URL without its password.
std::string shown(const field& row, std::string_view text);

/// The allowed values, for people: "1 to 65535", "one of a, b".
std::string allowed(const field& row);

} // namespace darkroom
