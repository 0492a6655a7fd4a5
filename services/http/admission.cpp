#include "services/http/admission.hpp"

#include "services/http/server_core.hpp"
#include "services/http/session.hpp"

#include <algorithm>
#include <vector>

namespace darkroom {

namespace {

namespace net = boost::asio;
using address = net::ip::address;

/// Extra connections for probes, enough for a few operators at once.
constexpr size_t reserve_places = 16;
constexpr size_t reserve_places_per_address = 4;

/// The first that may be closed for another connection, of those that fit; null
/// if all must stay.
template <class Predicate>
std::shared_ptr<http_session> first_to_go(server_core& core, Predicate fits) {
  auto is_later = [](const auto* x, const auto* y) {
    return std::pair{x->phase(), x->since()}
           > std::pair{y->phase(), y->since()};
  };
  std::lock_guard guard{core.mutex};
  std::vector<http_session*> all;
  all.reserve(core.sessions.size());
  for (auto& [session, unused] : core.sessions)
    if (session->phase() != http_session::phase_type::busy && fits(*session))
      all.push_back(session);
  // Whether more has come is asked of few: it costs a system call each.
  std::make_heap(all.begin(), all.end(), is_later);
  for (; !all.empty(); all.pop_back()) {
    std::pop_heap(all.begin(), all.end(), is_later);
    if (!all.back()->has_more())
      if (auto held = core.sessions[all.back()].lock())
        return held;
  }
  return nullptr;
}

/// Closes one of those that fit. @returns false if all must stay
template <class Predicate>
bool make_room(server_core& core, Predicate fits) {
  auto first = first_to_go(core, fits);
  if (first)
    first->turn_away();
  return first != nullptr;
}

admission admit_to_reserve(server_core& core, const address& key) {
  auto is_reserved = [](auto& x) {
    return x.is_reserve();
  };
  auto is_own = [&](auto& x) {
    return x.is_reserve() && x.key() == key;
  };
  size_t reserved = 0, own = 0;
  {
    std::lock_guard guard{core.mutex};
    for (auto& [session, unused] : core.sessions) {
      reserved += is_reserved(*session);
      own += is_own(*session);
    }
  }
  auto has_room = own >= reserve_places_per_address ? make_room(core, is_own)
                  : reserved >= reserve_places ? make_room(core, is_reserved)
                                               : true;
  return has_room ? admission::reserve : admission::refused;
}

} // namespace

admission admit(server_core& core, const address& from) {
  auto key = place_key(from);
  uint64_t total = 0, own = 0;
  {
    std::lock_guard guard{core.mutex};
    for (auto& [unused, count] : core.places)
      total += count;
    auto found = core.places.find(key);
    own = found == core.places.end() ? 0 : found->second;
  }
  auto& limits = core.settings;
  auto all_of_own = core.is_limited(from)
                    && own >= limits.max_connections_per_address;
  if (!all_of_own && total < limits.max_connections)
    return admission::normal;
  auto is_rival = [&](auto& x) {
    return !x.is_reserve() && (!all_of_own || x.key() == key);
  };
  return make_room(core, is_rival) ? admission::normal
                                   : admit_to_reserve(core, key);
}

bool shed(server_core& core) {
  return make_room(core, [](auto&) { return true; });
}

address place_key(const address& from) {
  auto key = plain_address(from);
  if (!key.is_v6())
    return key;
  auto bytes = key.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return net::ip::address_v6{bytes};
}

address plain_address(const address& from) {
  if (from.is_v6() && from.to_v6().is_v4_mapped())
    return net::ip::make_address_v4(net::ip::v4_mapped, from.to_v6());
  return from;
}

result<std::set<address>> read_addresses(const std::vector<std::string>& all) {
  std::set<address> out;
  for (auto& text : all) {
    boost::system::error_code failed;
    auto one = net::ip::make_address(text, failed);
    if (failed)
      return fail(ec::bad_config,
                  "[http] trusted_proxies has '" + text
                    + "', which is not an IP address; use one like 10.0.0.2");
    out.insert(plain_address(one));
  }
  return out;
}

} // namespace darkroom
