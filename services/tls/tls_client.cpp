#include "services/tls/tls_client.hpp"

#include "services/text/printable.hpp"
#include "services/tls/certificate.hpp"
#include "services/tls/certificate_checks.hpp"
#include "services/tls/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>

namespace darkroom {

namespace {

constexpr size_t max_shown_name = 100;

struct free_context {
  void operator()(SSL_CTX* x) const {
    SSL_CTX_free(x);
  }
};
using client_context = std::unique_ptr<SSL_CTX, free_context>;

/// "the certificate of redis-1 is refused: certificate has expired (…)".
std::string certificate_refusal(X509_STORE_CTX* context) {
  auto* x = X509_STORE_CTX_get_current_cert(context);
  auto code = X509_STORE_CTX_get_error(context);
  auto who = x != nullptr ? printable(name_of(x), max_shown_name) : "nobody";
  auto out = "the certificate of " + who
             + " is refused: " + X509_verify_cert_error_string(code);
  if (code == X509_V_ERR_CERT_HAS_EXPIRED)
    out += " (on " + utc_text(end_of(x) * 1000) + ")";
  return out;
}

int note_refusal(int is_good, X509_STORE_CTX* context) {
  if (is_good == 1)
    return 1;
  auto* ssl = static_cast<SSL*>(
    X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  *static_cast<std::string*>(SSL_get_app_data(ssl))
    = certificate_refusal(context);
  return 0;
}

status trust(SSL_CTX* context, const std::string& ca) {
  if (ca.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return ok;
  }
  auto authorities = read_certificates(ca);
  if (!authorities)
    return std::move(authorities.error());
  for (const auto& x : *authorities)
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), x.get());
  return ok;
}

status identify(SSL_CTX* context, const tls_client_options& options) {
  if (options.certificate.empty())
    return ok;
  auto own = read_certificates(options.certificate);
  if (!own)
    return std::move(own.error());
  auto key = read_key(options.key);
  if (!key)
    return std::move(key.error());
  if (auto fits = check_key(own->front().get(), key->get(), options.certificate,
                            options.key);
      !fits)
    return fits;
  SSL_CTX_use_certificate(context, own->front().get());
  for (size_t i = 1; i < own->size(); ++i)
    SSL_CTX_add1_chain_cert(context, (*own)[i].get());
  if (SSL_CTX_use_PrivateKey(context, key->get()) == 1)
    return ok;
  return fail(ec::bad_config,
              "key '" + options.key + "' cannot be used: " + openssl_reason());
}

result<client_context> context_of(const tls_client_options& options) {
  client_context context{SSL_CTX_new(TLS_client_method())};
  if (!context)
    return fail(ec::bad_config, "OpenSSL does not start: " + openssl_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Redis's protocol shows itself where an answer ends, and a server that was
  // killed says no goodbye.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE
                                    | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (auto done = trust(context.get(), options.ca); !done)
    return std::move(done.error());
  if (auto done = identify(context.get(), options); !done)
    return std::move(done.error());
  return context;
}

/// The server's certificate must have this name. The server hears it, too
/// (SNI), unless it is an address.
bool expect_name(SSL* ssl, const std::string& name) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1)
    return true;
  return SSL_set1_host(ssl, name.c_str()) == 1
         && SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

} // namespace

result<int64_t> expiry_of(const std::string& path) {
  auto found = read_certificates(path);
  if (!found)
    return std::move(found.error());
  return end_of(found->front().get()) * 1000;
}

status check_tls_client(const tls_client_options& options) {
  auto made = context_of(options);
  if (!made)
    return std::move(made.error());
  return ok;
}

result<tls_client> tls_client::make(const tls_client_options& options,
                                    int socket) {
  auto made = context_of(options);
  if (!made)
    return std::move(made.error());
  auto context = *std::move(made);
  tls_client out;
  out.ssl_.reset(SSL_new(context.get()));
  auto* ssl = out.ssl_.get();
  if (ssl == nullptr || SSL_set_fd(ssl, socket) != 1
      || !expect_name(ssl, options.name))
    return fail(ec::bad_config, "TLS to '" + printable(options.name)
                                  + "': " + openssl_reason());
  SSL_set_app_data(ssl, out.refusal_.get());
  SSL_set_verify(ssl, SSL_VERIFY_PEER, note_refusal);
  SSL_set_connect_state(ssl);
  return out;
}

tls_step tls_client::step_of(int returned, size_t bytes) {
  if (returned > 0)
    return {tls_progress::done, bytes, {}};
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {tls_progress::wants_read, 0, {}};
    case SSL_ERROR_WANT_WRITE:
      return {tls_progress::wants_write, 0, {}};
    case SSL_ERROR_SSL:
      if (!refusal_->empty()) {
        ERR_clear_error();
        return {tls_progress::failed, 0, *refusal_};
      }
      return {tls_progress::failed, 0, openssl_reason()};
    default:
      ERR_clear_error();
      return {tls_progress::ended, 0, "it closed the connection"};
  }
}

tls_step tls_client::shake_hands() {
  ERR_clear_error();
  return step_of(SSL_do_handshake(ssl_.get()), 0);
}

tls_step tls_client::read(char* to, size_t most) {
  ERR_clear_error();
  size_t bytes = 0;
  auto returned = SSL_read_ex(ssl_.get(), to, most, &bytes);
  return step_of(returned, bytes);
}

tls_step tls_client::write(const char* from, size_t size) {
  ERR_clear_error();
  size_t bytes = 0;
  auto returned = SSL_write_ex(ssl_.get(), from, size, &bytes);
  return step_of(returned, bytes);
}

bool tls_client::has_ended() {
  ERR_clear_error();
  char byte = 0;
  size_t bytes = 0;
  auto returned = SSL_peek_ex(ssl_.get(), &byte, 1, &bytes);
  auto how = step_of(returned, bytes).how;
  return how == tls_progress::ended || how == tls_progress::failed;
}

tls_peer tls_client::peer() const {
  tls_peer out;
  out.version = SSL_get_version(ssl_.get());
  if (const auto* x = SSL_get0_peer_certificate(ssl_.get())) {
    out.name = printable(name_of(x), max_shown_name);
    out.until_ms = end_of(x) * 1000;
  }
  return out;
}

} // namespace darkroom
