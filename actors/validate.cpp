#include "actors/validate.hpp"

#include "actors/bounds.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

bool is_name(const std::string& text) {
  return !text.empty() && bounds::is_printable(text);
}

namespace {

/// The sender's process: its id, which `/api/nodes` shows for each node.
std::string process_of(const caf::actor_addr& sender) {
  if (!sender)
    return "an unknown process";
  auto text = to_string(sender.node()); // "<hash of its host>#<process>"
  auto mark = text.rfind('#');
  return mark == text.npos ? "an unknown process"
                           : "process " + text.substr(mark + 1);
}

} // namespace

bool is_dropped(const std::string& problem, const char* what,
                const caf::actor_addr& sender) {
  if (!problem.empty())
    spdlog::warn("{} from {}: {}", what, process_of(sender), problem);
  return !problem.empty();
}

outcome invalid_outcome(const std::string& job_id, const std::string& token,
                        const std::string& problem) {
  outcome out;
  out.job_id = job_id;
  out.token = token;
  out.kind = outcome_kind::refused;
  out.reason = "what came from the other node is not valid: " + problem;
  return out;
}

} // namespace darkroom
