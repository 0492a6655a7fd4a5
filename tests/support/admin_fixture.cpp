#include "tests/support/admin_fixture.hpp"

namespace darkroom {

std::string admin_fixture::dead(const new_job& x, const std::string& why) {
  auto taken = started(x);
  settle(ending(taken, settle_kind::fail, why));
  events();
  return taken.id;
}

void admin_fixture::family(const std::string& parent, const strings& children) {
  new_job head = named(parent);
  add(head);
  raw({"LREM", P + "wait", "0", parent});
  raw({"ZADD", P + "waiting-children", time, parent});
  for (const auto& id : children) {
    auto x = named(id);
    x.options = R"({"attempts":1,"parent":{"id":")" + parent
                + R"(","queue":"bull:q"}})";
    add(x);
  }
  events();
}

bool admin_fixture::waits(const std::string& parent) {
  return score("waiting-children", parent) != "(nil)";
}

} // namespace darkroom
