#include "services/tls/ssl_ptr.hpp"

#include <openssl/ssl.h>

namespace darkroom {

void ssl_closer::operator()(ssl_st* x) const {
  SSL_free(x);
}

} // namespace darkroom
