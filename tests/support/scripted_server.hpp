/// An HTTP server on loopback whose answers a test writes beforehand.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace darkroom::test {

/// An answer of HTTP/1.1 that keeps the connection open.
std::string
reply(int status, const std::string& body,
      const std::string& headers = "Content-Type: application/json\r\n");

/// Answers each request with the next reply of its script, and all after the
/// end with the last one. A connection stays open until the client closes it.
class scripted_server {
public:
  /// @param replies raw bytes; an empty one closes the connection unanswered
  explicit scripted_server(std::vector<std::string> replies);
  scripted_server(const scripted_server&) = delete;
  ~scripted_server();

  std::string url() const;

  /// The bodies of all requests so far.
  std::vector<std::string> requests() const;

private:
  void run();
  void take_bytes(int fd);
  bool answer(int fd, std::string body);

  std::vector<std::string> replies_;
  int listener_ = -1;
  int stop_[2] = {-1, -1}; ///< a pipe: closing its end stops the thread
  uint16_t port_ = 0;
  std::map<int, std::string> connections_; ///< descriptor -> what came on it
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

} // namespace darkroom::test
