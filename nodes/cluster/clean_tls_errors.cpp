/// OpenSSL keeps one queue of errors per thread, and takes an old error in it
/// for the result of the next call on any connection (SSL_get_error(3)). CAF
/// 0.17.6 handles all connections in one thread and never empties the queue, so
/// a stranger's failed handshake cost a node its connection. The functions
/// below replace OpenSSL's functions of the same names, also for CAF's library.
/// Each empties the queue and then calls OpenSSL's.
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

/// Finds OpenSSL's function with this name.
template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int SSL_accept(SSL* ssl) {
  static auto* next = real<int(SSL*)>("SSL_accept");
  ERR_clear_error();
  return next(ssl);
}

int SSL_connect(SSL* ssl) {
  static auto* next = real<int(SSL*)>("SSL_connect");
  ERR_clear_error();
  return next(ssl);
}

int SSL_read(SSL* ssl, void* into, int size) {
  static auto* next = real<int(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  return next(ssl, into, size);
}

int SSL_write(SSL* ssl, const void* from, int size) {
  static auto* next = real<int(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  return next(ssl, from, size);
}
}
