#include "sim/network.hpp"

#include "messages/type_ids.hpp"

#include <caf/actor_proxy.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/make_actor.hpp>

#include <algorithm>

namespace darkroom::sim {

namespace {

/// A proxy needs another identity than the original, as both are in one system.
class proxy : public caf::actor_proxy {
public:
  proxy(caf::actor_config& config, network& net, link_ptr over, int end,
        caf::strong_actor_ptr original)
    : caf::actor_proxy(config),
      net_(net),
      over_(std::move(over)),
      end_(end),
      original_(std::move(original)) {}

  void enqueue(caf::strong_actor_ptr sender, caf::message_id id,
               caf::message content, caf::execution_unit*) override {
    parcel what;
    what.from = std::move(sender);
    what.to = original_;
    what.id = id;
    caf::binary_serializer sink{home_system(), what.bytes};
    if (!sink(content))
      net_.send(over_, 1 - end_, std::move(what));
  }

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* at) override {
    auto content = what->move_content_to_message();
    enqueue(what->sender, what->mid, std::move(content), at);
  }

  void kill_proxy(caf::execution_unit* at, caf::error reason) override {
    cleanup(std::move(reason), at);
  }

private:
  network& net_;
  link_ptr over_;
  int end_; ///< where it lives
  caf::strong_actor_ptr original_;
};

constexpr microseconds shortest_way{50};
constexpr microseconds longest_way{3000};

} // namespace

network::network(stage& on, milliseconds timeout)
  : stage_(on),
    timeout_(timeout) {}

link_ptr network::connect(const host_ptr& from, const host_ptr& to) {
  auto silent = silent_.find({from->node, to->node});
  if (to->is != host::condition::running
      || (silent != silent_.end() && silent->second > stage_.now()))
    return nullptr;
  auto known = std::find_if(links_.begin(), links_.end(), [&](const auto& x) {
    return x->ends[0].home == from && x->ends[1].home == to;
  });
  if (known != links_.end())
    return (*known)->ends[0].is_open ? *known : nullptr;
  auto out = std::make_shared<link>();
  out->ends[0].home = from;
  out->ends[1].home = to;
  links_.push_back(out);
  stage_.tell("connect", from->name, to->name);
  return out;
}

std::vector<link_ptr> network::open_links() const {
  std::vector<link_ptr> out;
  for (const auto& x : links_)
    if (!x->is_broken && x->ends[0].is_open && x->ends[1].is_open)
      out.push_back(x);
  return out;
}

size_t network::under_way() const {
  size_t sum = 0;
  for (const auto& x : links_)
    for (const auto& end : x->ends)
      sum += end.is_open ? end.incoming.size() : 0;
  return sum;
}

caf::strong_actor_ptr network::proxy_of(const link_ptr& x, int end,
                                        const caf::strong_actor_ptr& original) {
  if (!original)
    return nullptr;
  auto& known = x->ends[end].proxies[original->id()];
  if (known)
    return known;
  auto& system = stage_.system();
  caf::actor_config config;
  known = caf::make_actor<proxy, caf::strong_actor_ptr>(system.next_actor_id(),
                                                        system.node(), &system,
                                                        config, *this, x, end,
                                                        original);
  // The maker of a proxy hears when the original ends.
  original->get()->attach_functor([this, x, end, original](caf::error reason) {
    parcel ended;
    ended.to = original;
    ended.is_down = true;
    ended.reason = std::move(reason);
    send(x, end, std::move(ended));
  });
  return known;
}

// -- messages -----------------------------------------------------------------

void network::send(const link_ptr& x, int to, parcel what) {
  auto& from = x->ends[1 - to];
  if (x->is_broken || !from.is_open || from.home->is_dead())
    return;
  auto& end = x->ends[to];
  auto way = stage_.random().between(shortest_way, longest_way);
  end.last_arrival = std::max(end.last_arrival, stage_.now() + way);
  end.incoming.push_back(std::move(what));
  stage_.in(end.last_arrival - stage_.now(), [this, x, to] { deliver(x, to); });
}

/// One call per parcel, so that they arrive in order, however late.
void network::deliver(const link_ptr& x, int to) {
  auto& end = x->ends[to];
  if (end.incoming.empty() || !end.is_open || end.home->is_dead())
    return;
  if (x->stalled_until > stage_.now()) {
    stage_.in(x->stalled_until - stage_.now(),
              [this, x, to] { deliver(x, to); });
    return;
  }
  auto what = std::move(end.incoming.front());
  end.incoming.pop_front();
  hand_over(x, to, std::move(what));
}

void network::hand_over(const link_ptr& x, int to, parcel what) {
  auto& end = x->ends[to];
  if (what.is_down) {
    auto found = end.proxies.find(what.to->id());
    if (found == end.proxies.end())
      return;
    auto gone = found->second;
    end.proxies.erase(found);
    stage_.tell("down", end.home->name);
    static_cast<proxy*>(gone->get())->kill_proxy(nullptr, what.reason);
    return;
  }
  caf::message content;
  caf::binary_deserializer source{stage_.system(), what.bytes};
  if (auto broken = source(content)) {
    stage_.blame("a message does not survive its way: "
                 + stage_.system().render(broken));
    return;
  }
  adopt(x, to, content);
  if (!deliver_filter(*end.home, content))
    return;
  stage_.tell("deliver", end.home->name);
  what.to->enqueue(proxy_of(x, to, what.from), what.id, std::move(content),
                   nullptr);
}

/// Handles in a message become proxies.
void network::adopt(const link_ptr& x, int end, caf::message& content) {
  if (content.match_elements<node_welcome>()) {
    auto& welcome = content.get_mutable_as<node_welcome>(0);
    welcome.dispatcher = proxy_of(x, end, welcome.dispatcher);
  }
}

} // namespace darkroom::sim
