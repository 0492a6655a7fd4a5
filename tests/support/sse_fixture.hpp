/// An event stream behind a real server, and browsers that listen to it.
#pragma once

#include "services/http/http_server.hpp"
#include "services/http/sse_hub.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/test.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace darkroom::test {

inline http_settings small_stream() {
  http_settings out;
  out.port = 0;
  out.replay_events = 10;
  out.max_sse_clients = 50;
  return out;
}

/// A hub behind a server, and its events "1", "2", …, kept at 101 ms, 102 ms, …
struct sse_fixture {
  explicit sse_fixture(http_settings settings = small_stream())
    : hub(settings),
      server(settings) {
    server.stream("/api/events", hub);
    auto started = server.start();
    CAF_REQUIRE(started);
    hub.ready();
  }

  void publish(int count, const std::string& type = "job-active",
               const std::string& image = "i", const std::string& job = "j",
               size_t bytes = 0) {
    for (; count > 0; --count) {
      auto number = static_cast<uint64_t>(++published);
      hub.publish(
        {number, 100 + published, type, image, job,
         '"' + std::to_string(number) + std::string(bytes, 'x') + '"'});
    }
  }

  sse_hub hub;
  http_server server;
  int published = 0;
};

struct browser : raw_client {
  explicit browser(sse_fixture& parts, const std::string& query = {},
                   const std::string& more = {}, int receive_bytes = 0)
    : raw_client(parts.server.port(), receive_bytes) {
    send("GET /api/events" + query + " HTTP/1.1\r\nHost: localhost\r\n" + more
         + "\r\n");
    head = read_to("\r\n\r\n");
    hello = read_to("\n\n");
  }

  std::string next() {
    return read_to("\n\n");
  }

  /// The data of the next event that is no keep-alive.
  std::string data() {
    auto event = next();
    while (event.starts_with(':'))
      event = next();
    auto at = event.find("data: ");
    return at == event.npos ? event
                            : event.substr(at + 6, event.size() - at - 8);
  }

  /// What the browser would send as Last-Event-ID.
  static std::string id_of(const std::string& event) {
    auto at = event.rfind("\nid: ") == event.npos ? event.find("id: ")
                                                  : event.rfind("\nid: ") + 1;
    return event.substr(at + 4, event.find('\n', at) - at - 4);
  }

  std::string head;
  std::string hello;
};

inline bool contains(const std::string& text, std::string_view what) {
  return text.find(what) != text.npos;
}

template <class Predicate>
bool eventually(Predicate is_true) {
  for (int i = 0; i < 500 && !is_true(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  return is_true();
}

} // namespace darkroom::test
