#include "nodes/node_order.hpp"

#include "nodes/main_api.hpp"
#include "services/json/json.hpp"

#include <thread>

namespace darkroom {

namespace {

using nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_interval{200};

/// A node that lives joins a main node that was started anew, or took over,
/// within [cluster] lease, node_timeout and reconnect_max: 3, 3 and 1 s.
constexpr std::chrono::seconds absence_limit{15};

bool is_done(const std::string& action, const std::string& state) {
  if (action == "uncordon")
    return state == "up";
  return state == "drained" || (action == "cordon" && state == "cordoned");
}

error left(const node_order_request& wanted) {
  return fail(ec::not_found,
              "node " + wanted.name + " left the cluster before its "
                + wanted.action
                + " was done: what ran there goes on elsewhere; `darkroom "
                  "nodes` shows who is there");
}

error too_late(const node_order_request& wanted, const json& node) {
  auto text = "node " + wanted.name + ": no " + wanted.action + " within "
              + std::to_string(wanted.limit.count()) + " ms: ";
  if (node.is_null())
    text += "the main node does not answer, or has lost it";
  else if (text_member(node, "state") == "cordoned")
    text += "it takes no new jobs, but still runs "
            + std::to_string(node.value("running", 0))
            + ": wait, or cancel them";
  else
    text += "it says that it is '" + text_member(node, "state")
            + "'; it may hang";
  return fail(ec::timed_out, text);
}

} // namespace

json find_node(const json& all, const std::string& name) {
  if (all.contains("nodes"))
    for (const auto& x : all["nodes"])
      if (text_member(x, "name") == name)
        return x;
  return {};
}

status carry_out(const node_order_request& wanted) {
  auto verb = wanted.action == "uncordon" ? "uncordon" : "cordon";
  auto order = wanted.main + "/api/nodes/" + percent_encoded(wanted.name) + "/"
               + verb;
  auto end = steady::now() + wanted.limit;
  auto seen = steady::now();
  for (auto is_first = true;; is_first = false) {
    auto told = ask_main(order, "{}");
    if (!told && is_first)
      return std::move(told.error());
    auto all = ask_main(wanted.main + "/api/nodes");
    auto node = all ? find_node(*all, wanted.name) : json{};
    auto now = steady::now();
    if (!node.is_null() || !all)
      seen = now; // or nobody can tell
    if (is_done(wanted.action, text_member(node, "state")))
      return ok;
    if (now - seen > absence_limit)
      return left(wanted);
    if (now > end)
      return too_late(wanted, node);
    std::this_thread::sleep_for(look_interval);
  }
}

} // namespace darkroom
