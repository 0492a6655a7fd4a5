/// Flags of commands that ask a main node for pictures.
#pragma once

#include "nodes/command.hpp"
#include "nodes/main_api.hpp"
#include "services/text/percent.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace darkroom {

struct main_flags {
  command_flags common;
  main_choice main;
  bool is_json = false;

  void add_to(CLI::App& command) {
    common.add_to(command);
    main.add_to(command);
    command.add_flag("--json", is_json, "answer as JSON");
  }

  /// The address of a path of the main node; loads the settings.
  main_address at(const std::string& path) const {
    return main_at(main, common.load_or_exit().values.http) + path;
  }
};

/// Adds "&name=value" to a query, or "?name=value" to a path without one,
/// unless the value is empty.
inline void add_to_query(std::string& url, const char* name,
                         const std::string& value) {
  if (value.empty())
    return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += name;
  url += '=' + percent_encoded(value);
}

} // namespace darkroom
