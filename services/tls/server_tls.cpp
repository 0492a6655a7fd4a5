#include "services/tls/server_tls.hpp"

#include "services/tls/server_pair.hpp"
#include "services/tls/tls_files.hpp"

#include <openssl/ssl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>

namespace darkroom {

namespace {

/// Keys of session tickets are made with the context, and must not live for
/// long: who steals them can read what TLS 1.2 sent.
constexpr int64_t context_life_ms = int64_t{24} * 3600 * 1000;

/// With TLS 1.2: only forward secrecy and authenticated encryption, as TLS 1.3
/// demands.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

using context_ptr = std::shared_ptr<SSL_CTX>;

/// Chooses HTTP/1.1 among the protocols that the client offers (ALPN), each
/// with its length before it. Refuses clients that speak something else only.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned in_size, void*) {
  for (std::string_view known : {"http/1.1", "http/1.0"})
    for (unsigned at = 0; at < in_size; at += 1u + in[at]) {
      std::string_view one{reinterpret_cast<const char*>(in + at + 1),
                           std::min<size_t>(in[at], in_size - at - 1)};
      if (one != known)
        continue;
      *out = in + at + 1;
      *out_size = in[at];
      return SSL_TLSEXT_ERR_OK;
    }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

error no_context() {
  return fail(ec::bad_config, "cannot set up TLS: " + openssl_reason());
}

void set_up(SSL_CTX* context) {
  // A client may neither start a handshake anew nor, in one read, keep this
  // thread busy with records that carry no data.
  SSL_CTX_set_options(
    context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
               | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  // Idle connections hold no buffers of 16 KB.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS
                              | SSL_MODE_ENABLE_PARTIAL_WRITE
                              | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  constexpr unsigned char name[] = "darkroom";
  SSL_CTX_set_session_id_context(context, name, sizeof name - 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

result<context_ptr> make_context(const server_pair& pair) {
  context_ptr out{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  auto* context = out.get();
  if (context == nullptr)
    return no_context();
  set_up(context);
  auto is_set = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1
                && SSL_CTX_set_cipher_list(context, ciphers) == 1
                && SSL_CTX_use_certificate(context, pair.chain[0].get()) == 1
                && SSL_CTX_use_PrivateKey(context, pair.key.get()) == 1;
  for (size_t i = 1; is_set && i < pair.chain.size(); ++i)
    is_set = SSL_CTX_add1_chain_cert(context, pair.chain[i].get()) == 1;
  if (!is_set)
    return no_context();
  return out;
}

} // namespace

server_tls::server_tls(server_files files) : files_(std::move(files)) {}

result<std::unique_ptr<server_tls>> server_tls::open(const server_files& files,
                                                     int64_t now) {
  std::unique_ptr<server_tls> out{new server_tls{files}};
  out->seen_ = out->marks_now();
  if (auto loaded = out->load(now); !loaded)
    return std::move(loaded.error());
  return out;
}

ssl_ptr server_tls::accept(int socket) const {
  context_ptr context;
  {
    std::lock_guard guard{mutex_};
    context = context_;
  }
  ssl_ptr out{SSL_new(context.get())}; // keeps the context
  if (!out || SSL_set_fd(out.get(), socket) != 1)
    return {};
  SSL_set_accept_state(out.get());
  return out;
}

void server_tls::look(int64_t now) {
  auto is_due = now - tried_at_ >= context_life_ms;
  auto marks = marks_now();
  auto is_settled = marks == std::exchange(seen_, marks);
  if (!is_settled || (marks == tried_ && !is_due))
    return;
  auto is_changed = marks != tried_;
  auto loaded = load(now);
  if (!loaded)
    spdlog::error("the HTTP server keeps its old certificate, which ends on "
                  "{}: {}",
                  utc_text(until_), loaded.error().context);
  else if (is_changed)
    spdlog::info("the HTTP server has a new certificate: {}, valid until {}",
                 loaded->name, utc_text(loaded->until));
}

server_tls::file_mark server_tls::mark_of(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0)
    return {};
  return {file.st_dev, file.st_ino, file.st_size,
          file.st_mtim.tv_sec * 1'000'000'000L + file.st_mtim.tv_nsec};
}

server_tls::marks server_tls::marks_now() const {
  return {mark_of(files_.certificate), mark_of(files_.key)};
}

/// Reads the files; uses them if they are fine.
result<server_facts> server_tls::load(int64_t now) {
  tried_ = seen_;
  tried_at_ = now;
  auto pair = read_server_pair(files_, now);
  if (!pair)
    return std::move(pair.error());
  auto context = make_context(*pair);
  if (!context)
    return std::move(context.error());
  until_ = pair->facts.until;
  std::lock_guard guard{mutex_};
  context_ = std::move(*context);
  return std::move(pair->facts);
}

} // namespace darkroom
