#include "nodes/commands/node_order.hpp"

#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/random/random_id.hpp"
#include "services/text/percent.hpp"

#include <algorithm>
#include <thread>

namespace darkroom {

namespace {

using nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_interval{200};
constexpr std::chrono::milliseconds shortest_question{200};
constexpr std::chrono::milliseconds longest_question{10000};

/// A live node joins a main node that was restarted, or took over, within
/// [cluster] lease, node_timeout and reconnect_max: 3, 3 and 1 s.
constexpr std::chrono::seconds absence_limit{15};

/// Whether the node confirms this order, and not an earlier one.
bool is_done(const std::string& action, const std::string& id,
             const json& node) {
  if (text_member(node, "order") != id)
    return false;
  auto state = text_member(node, "state");
  if (action == "uncordon")
    return state == "up";
  return state == "drained" || (action == "cordon" && state == "cordoned");
}

/// The time limit of one question: the time left, within bounds.
std::chrono::milliseconds rest_of(steady::time_point end) {
  auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady::now());
  return std::clamp(left, shortest_question, longest_question);
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

status carry_out(node_order_request wanted) {
  auto verb = wanted.action == "uncordon" ? "uncordon" : "cordon";
  auto id = random_id();
  auto order = "/api/nodes/" + percent_encoded(wanted.name) + "/" + verb
               + "?id=" + id;
  auto end = steady::now() + wanted.limit;
  auto seen = steady::now();
  for (auto is_first = true;; is_first = false) {
    auto told = ask_main(wanted.mains.at() + order, "{}", rest_of(end));
    if (!told && is_first)
      return std::move(told.error());
    auto all = ask_main(wanted.mains.at() + "/api/nodes", {}, rest_of(end));
    if (!all)
      wanted.mains.look_again(); // another one may be active by now
    auto node = all ? find_node(*all, wanted.name) : json{};
    auto now = steady::now();
    if (!node.is_null() || !all)
      seen = now; // else the main node cannot tell now
    if (is_done(wanted.action, id, node))
      return ok;
    if (now - seen > absence_limit)
      return left(wanted);
    if (now > end)
      return too_late(wanted, node);
    std::this_thread::sleep_for(look_interval);
  }
}

} // namespace darkroom
