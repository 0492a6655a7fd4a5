#include "services/http/admission.hpp"

#include "services/http/server_core.hpp"
#include "services/http/session.hpp"

#include <algorithm>
#include <vector>

namespace darkroom {

namespace {

namespace net = boost::asio;
using address = net::ip::address;
using sessions = std::vector<std::shared_ptr<http_session>>;

/// Extra connections for probes, enough for a few operators at once.
constexpr size_t reserve_places = 16;
constexpr size_t reserve_places_per_address = 4;

/// Closes the best candidate of these sessions. @returns false if all must stay
bool make_room(sessions all) {
  std::erase_if(all, [](auto& x) {
    return x->phase() == http_session::phase_type::busy || x->has_more();
  });
  auto first = std::min_element(all.begin(), all.end(),
                                [](const auto& x, const auto& y) {
                                  return std::pair{x->phase(), x->since()}
                                         < std::pair{y->phase(), y->since()};
                                });
  if (first == all.end())
    return false;
  (*first)->turn_away();
  return true;
}

template <class Predicate>
sessions only(sessions all, Predicate holds) {
  std::erase_if(all, [&](const auto& x) { return !holds(*x); });
  return all;
}

admission admit_to_reserve(const sessions& all, const address& key) {
  auto reserved = only(all, [](auto& x) { return x.is_reserve(); });
  auto own = only(reserved, [&](auto& x) { return x.key() == key; });
  if (own.size() >= reserve_places_per_address)
    return make_room(own) ? admission::reserve : admission::refused;
  if (reserved.size() >= reserve_places)
    return make_room(reserved) ? admission::reserve : admission::refused;
  return admission::reserve;
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
  auto all = core.open_sessions();
  auto rivals = only(all, [&](auto& x) {
    return !x.is_reserve() && (!all_of_own || x.key() == key);
  });
  return make_room(rivals) ? admission::normal : admit_to_reserve(all, key);
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
