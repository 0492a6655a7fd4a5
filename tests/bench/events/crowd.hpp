/// Thousands of browsers at one event stream: they connect, leave, stall, come
/// back, and check what they get.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

struct options {
  uint16_t port = 0;
  int clients = 0;
  double seconds = 0;
  bool is_plain = false;
};

struct tally {
  uint64_t frames = 0, doubles = 0, holes = 0, connects = 0, failures = 0;
  uint64_t refusals = 0, dropped = 0, hellos = 0;
  std::map<std::string, uint64_t> gaps;
  uint64_t missed = 0;          // as the gaps say
  std::vector<float> latencies; // ms
};

struct client {
  int socket = -1;
  bool is_stalled_kind = false, is_late_kind = false, has_head = false;
  bool is_paused = false, was_paused = false, has_gap = false;
  double due = 0;    // s: when to connect, or to leave
  double since = 0;  // s: of this connection
  double began = 0;  // wall ms of this connection
  uint64_t last = 0; // the newest number
  uint64_t events = 0;
  std::string id, buffer;
};

/// Not thread-safe; one thread serves all of them.
class crowd {
public:
  crowd(options asked, unsigned seed);

  /// Returns after `options::seconds`.
  void run();

  /// What was seen, as one line of JSON on stdout.
  void print();

private:
  double elapsed() const;
  double between(double from, double to);
  bool is_calm(double now) const;
  void look(client& x, double now);
  void pause(client& x, bool is_paused);
  void connect(client& x, double now);
  void ask(client& x);
  void leave(client& x, double again);
  void read_ready();
  void read(client& x);
  bool take_head(client& x);
  void take(client& x, std::string_view frame);
  void count(client& x, std::string_view frame, std::string_view id);

  options asked_;
  std::mt19937 random_;
  int epoll_ = -1;
  std::vector<client> clients_;
  tally all_;
  std::chrono::steady_clock::time_point begin_
    = std::chrono::steady_clock::now();
};
