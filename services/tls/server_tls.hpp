/// The TLS of a server: TLS 1.2 or newer, with a certificate that follows its
/// files.
#pragma once

#include "messages/result.hpp"
#include "services/tls/server_files.hpp"
#include "services/tls/ssl_ptr.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

struct ssl_ctx_st;

namespace darkroom {

/// Offers HTTP/1.1 (ALPN). Clients resume sessions by tickets, whose keys live
/// for a day, so that the server keeps nothing of them. Connections keep the
/// certificate that they began with.
class server_tls {
public:
  /// @param now ms since the epoch
  /// @returns the error of check_server_files
  static result<std::unique_ptr<server_tls>> open(const server_files& files,
                                                  int64_t now);

  /// The server's side of a new connection. Any thread may call it.
  /// @param socket does not block; must stay open as long as the state is used
  /// @returns null if there is no memory
  ssl_ptr accept(int socket) const;

  /// Reads the files again if they have changed and stayed the same since the
  /// last call, or once a day. If the new ones are unusable, logs why and keeps
  /// the old ones. Call it every second or so; reads files.
  void look(int64_t now);

  /// When the certificate expires, in ms since the epoch. Any thread may ask.
  int64_t until() const {
    return until_;
  }

private:
  /// What a changed file differs in.
  struct file_mark {
    uint64_t device = 0;
    uint64_t inode = 0; ///< 0: there is no such file
    int64_t bytes = 0;
    int64_t changed = 0; ///< ns since the epoch
    bool operator==(const file_mark&) const = default;
  };
  using marks = std::array<file_mark, 2>;

  explicit server_tls(server_files files);
  static file_mark mark_of(const std::string& path);
  marks marks_now() const;
  result<server_facts> load(int64_t now);

  const server_files files_;
  marks seen_;           ///< at the last look
  marks tried_;          ///< when they were read, used or not
  int64_t tried_at_ = 0; ///< ms
  std::atomic<int64_t> until_{0};
  mutable std::mutex mutex_; ///< guards `context_`
  std::shared_ptr<ssl_ctx_st> context_;
};

} // namespace darkroom
