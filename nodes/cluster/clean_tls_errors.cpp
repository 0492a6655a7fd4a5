/// OpenSSL keeps a queue of errors a thread, and takes what lies in it for the
/// result of the next call, on whatever connection (SSL_get_error(3)). CAF
/// 0.17.6 does all its connections in one thread and never empties the queue: a
/// stranger whose handshake failed cost a node its connection. The program's
/// own functions of these names stand before OpenSSL's, also for CAF's library;
/// each empties the queue and goes on to OpenSSL's.
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

/// OpenSSL's function of this name.
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
