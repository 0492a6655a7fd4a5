/// Which nodes the registry lets in.
#include "actors/node_registry.hpp"
#include "actors/validate.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

namespace {

/// The protocol in which a node may be asked for the main node's mark.
constexpr uint32_t marks_since = 12;
static_assert(marks_since > oldest_protocol,
              "every node knows the question: do without marks_since");

constexpr size_t most_strangers = 1000; // for warnings in the log

} // namespace

void node_registry_state::greet(uint32_t protocol, const std::string& version,
                                const std::string& node) {
  auto why = refuse_version({protocol, version});
  if (!why.empty())
    tell_refusal(is_name(node) ? node : "without a name", why);
}

std::string
node_registry_state::refuse_version(const node_version& worker) const {
  return name_version_difference({protocol_version(), options_.version}, worker,
                                 oldest_protocol);
}

// A refused node returns every few seconds; the log names it once.
void node_registry_state::tell_refusal(const std::string& node,
                                       const std::string& why) {
  if (strangers_.size() < most_strangers
      && strangers_.insert(node + why).second)
    spdlog::warn("node {} is refused: {}", node, why);
}

std::string
node_registry_state::find_difference(const node_hello& hello) const {
  auto out = name_difference(options_.traits, hello.traits);
  for (const auto& [name, x] : nodes_)
    if (out.empty() && name != hello.name)
      out = name_difference_to(name, x.status.hello.traits, hello.traits);
  return out;
}

std::string node_registry_state::find_copy(const node_hello& hello) const {
  if (hello.mark_name != options_.mark.name || hello.is_mark_unread)
    return {};
  return name_copy(options_.traits, hello.traits, options_.mark.id, hello.mark);
}

/// Asks only nodes that read pictures and know the question.
bool node_registry_state::must_read_mark(const node_hello& hello) const {
  return hello.protocol >= marks_since && !options_.mark.name.empty()
         && hello.mark_name != options_.mark.name
         && find_trait(hello.traits, uploads_trait_name) != nullptr;
}

std::string node_registry_state::refuse(const node_hello& hello,
                                        const caf::actor_addr& from) {
  auto out = refuse_version({hello.protocol, hello.version});
  if (!out.empty())
    return out; // told when it greeted
  if (auto problem = validate(hello);
      is_dropped(problem, "registry dropped a node's hello", from))
    return "the node's hello is not valid: " + problem;
  out = find_difference(hello);
  if (out.empty()) {
    out = find_copy(hello);
    if (!out.empty())
      options_.check_mark();
  }
  if (!out.empty())
    tell_refusal(hello.name, out);
  return out;
}

} // namespace darkroom
