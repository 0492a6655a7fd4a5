#include "services/redis/slots_text.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

std::string slots_text(const std::vector<slot_group>& groups,
                       bool takes_unknown) {
  if (groups.empty())
    return {};
  auto list = nlohmann::json::array();
  for (const auto& x : groups) {
    nlohmann::json entry{x.slots};
    if (!x.job_types.empty()) {
      auto names = nlohmann::json::object();
      for (const auto& name : x.job_types)
        names[name] = true;
      entry.push_back(std::move(names));
    }
    list.push_back(std::move(entry));
  }
  // Names come from other nodes: invalid UTF-8 must not end this process.
  return nlohmann::json{{"groups", list}, {"any", takes_unknown}}.dump(
    -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace darkroom
