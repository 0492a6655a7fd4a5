/// Who gets a connection where there are few. Internal to services/http.
#pragma once

#include "messages/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <set>
#include <string>
#include <vector>

namespace darkroom {

struct server_core;

enum class admission {
  normal,
  reserve, ///< only to ask a probe, once
  refused,
};

/// Decides about one connection more, and closes another one for it where that
/// is needed: the one that has said nothing for longest, then the one that has
/// not finished its header for longest, of the same address where that has all
/// that it may have. What is being answered is never closed. I/O thread only.
admission admit(server_core& core, const boost::asio::ip::address& from);

/// What one client is taken for: an IPv4 address, or a /64 of IPv6, of which
/// any machine has all.
boost::asio::ip::address place_key(const boost::asio::ip::address& from);

/// IPv4 also where the server listens on IPv6 for both.
boost::asio::ip::address plain_address(const boost::asio::ip::address& from);

/// The addresses of `[http] trusted_proxies`.
/// @returns ec::bad_config if one is none
result<std::set<boost::asio::ip::address>>
read_addresses(const std::vector<std::string>& all);

} // namespace darkroom
