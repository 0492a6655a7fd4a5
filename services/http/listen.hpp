/// Opens the port of an HTTP server. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace darkroom {

/// Has the acceptor listen where the settings say.
/// @returns where it does, with the port that it got; ec::bad_config if the
///   address is malformed, in use, or not one of this machine
result<boost::asio::ip::tcp::endpoint>
listen(boost::asio::ip::tcp::acceptor& acceptor, const http_settings& settings);

} // namespace darkroom
