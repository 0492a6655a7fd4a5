#include "services/http/listen.hpp"

namespace darkroom {

namespace net = boost::asio;

result<net::ip::tcp::endpoint> listen(net::ip::tcp::acceptor& acceptor,
                                      const http_settings& settings) {
  auto name = settings.bind == "localhost" ? "127.0.0.1" : settings.bind;
  auto where = settings.bind + ':' + std::to_string(settings.port);
  boost::system::error_code failed;
  auto address = net::ip::make_address(name, failed);
  if (failed)
    return fail(ec::bad_config,
                "[http] bind '" + settings.bind
                  + "' is not an IP address; use one like 127.0.0.1");
  net::ip::tcp::endpoint endpoint{address, settings.port};
  acceptor.open(endpoint.protocol(), failed);
  if (!failed)
    acceptor.set_option(net::socket_base::reuse_address(true), failed);
  if (!failed)
    acceptor.bind(endpoint, failed);
  if (!failed)
    acceptor.listen(net::socket_base::max_listen_connections, failed);
  if (failed == net::error::address_in_use)
    return fail(ec::bad_config, "cannot serve HTTP on " + where
                                  + ": another program listens there; stop it "
                                    "or choose another [http] port (0 = any)");
  if (failed)
    return fail(ec::bad_config,
                "cannot serve HTTP on " + where + ": " + failed.message());
  return acceptor.local_endpoint(failed);
}

} // namespace darkroom
