/// Decides who gets a connection when few are left. Internal to services/http.
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
  reserve, ///< may ask one probe and nothing else
  refused,
};

/// Decides about a new connection. If there is no place for it, closes another
/// one: first the one that has been idle for longest, then the one that has
/// worked on its header for longest. If the client's address has used up its
/// own share, only its own connections are candidates. A connection whose
/// request is being answered is never closed. I/O thread only.
admission admit(server_core& core, const boost::asio::ip::address& from);

/// Closes the connection that would be closed first, whoever has it, for when
/// the process is short of descriptors. @returns false if all must stay
bool shed(server_core& core);

/// What counts as one client: an IPv4 address, or a /64 of IPv6, because a
/// single machine can use all its addresses.
boost::asio::ip::address place_key(const boost::asio::ip::address& from);

/// Turns an IPv4 address inside IPv6 (from a socket for both) into plain IPv4.
boost::asio::ip::address plain_address(const boost::asio::ip::address& from);

/// The addresses of `[http] trusted_proxies`.
/// @returns ec::bad_config if one of them is not an IP address
result<std::set<boost::asio::ip::address>>
read_addresses(const std::vector<std::string>& all);

} // namespace darkroom
