/// OpenSSL's state of one connection, which frees itself.
#pragma once

#include <memory>

struct ssl_st;

namespace darkroom {

struct ssl_closer {
  void operator()(ssl_st* x) const;
};

/// Does not own the socket.
using ssl_ptr = std::unique_ptr<ssl_st, ssl_closer>;

} // namespace darkroom
