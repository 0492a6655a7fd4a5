#include "crowd.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace {

constexpr int stalled_clients = 50;
constexpr double mean_stay = 20;  // s
constexpr double stall_begin = 3; // s after the connection was made
constexpr double stall_time = 15; // s

double wall_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(system_clock::now().time_since_epoch())
    .count();
}

/// The text of a frame's field, which begins a line.
std::string_view field(std::string_view frame, std::string_view name) {
  size_t at = frame.starts_with(name) ? 0 : frame.find(name);
  while (at != frame.npos && at > 0 && frame[at - 1] != '\n')
    at = frame.find(name, at + 1);
  if (at == frame.npos)
    return {};
  at += name.size();
  return frame.substr(at, frame.find('\n', at) - at);
}

uint64_t number_after(std::string_view text, std::string_view mark) {
  auto at = text.find(mark);
  return at == text.npos
           ? 0
           : std::strtoull(text.data() + at + mark.size(), nullptr, 10);
}

} // namespace

crowd::crowd(options asked, unsigned seed) : asked_(asked), random_(seed) {
  epoll_ = ::epoll_create1(0);
  clients_.resize(static_cast<size_t>(asked.clients));
  for (int i = 0; i < asked.clients; ++i) {
    auto& x = clients_[static_cast<size_t>(i)];
    x.is_stalled_kind = !asked.is_plain && i < stalled_clients;
    x.is_late_kind = i % 5 == 4;
    x.due = x.is_late_kind ? between(asked.seconds / 10, asked.seconds / 2)
                           : between(0, asked.seconds / 20);
  }
}

void crowd::run() {
  double next_look = 0;
  for (double now = 0; now < asked_.seconds; now = elapsed()) {
    read_ready();
    if (now >= next_look) {
      for (auto& x : clients_)
        look(x, now);
      next_look = now + 0.02;
    }
  }
}

double crowd::elapsed() const {
  using namespace std::chrono;
  return duration<double>(steady_clock::now() - begin_).count();
}

double crowd::between(double from, double to) {
  return std::uniform_real_distribution<double>{from, to}(random_);
}

/// In the last quarter nobody leaves.
bool crowd::is_calm(double now) const {
  return now > 0.75 * asked_.seconds;
}

void crowd::look(client& x, double now) {
  if (x.socket < 0) {
    if (now >= x.due)
      connect(x, now);
    return;
  }
  if (x.is_stalled_kind && !x.was_paused && x.has_head
      && now > x.since + stall_begin)
    pause(x, true);
  if (x.is_paused && (is_calm(now) || now > x.since + stall_begin + stall_time))
    pause(x, false);
  if (!x.is_stalled_kind && now >= x.due && !is_calm(now))
    leave(x, now + between(0, 3));
}

void crowd::pause(client& x, bool is_paused) {
  x.is_paused = is_paused;
  x.was_paused = true;
  epoll_event event{is_paused ? 0u : EPOLLIN, {&x}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, x.socket, &event);
}

void crowd::connect(client& x, double now) {
  x.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (x.is_stalled_kind) {
    int bytes = 4096;
    ::setsockopt(x.socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(asked_.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto done = ::connect(x.socket, reinterpret_cast<sockaddr*>(&to), sizeof(to));
  if (done != 0 && errno != EINPROGRESS) {
    ++all_.failures;
    return leave(x, now + between(0.1, 0.5));
  }
  ++all_.connects;
  x.has_head = x.is_paused = x.was_paused = false;
  x.since = now;
  x.due = now + std::exponential_distribution<double>{1 / mean_stay}(random_);
  x.buffer.clear();
  epoll_event event{EPOLLIN | EPOLLOUT, {&x}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, x.socket, &event);
}

void crowd::ask(client& x) {
  auto by_query = !x.id.empty() && random_() % 2 == 0;
  auto text = "GET /api/events" + (by_query ? "?lastEventId=" + x.id : "")
              + (asked_.is_plain ? " HTTP/1.0" : " HTTP/1.1")
              + "\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
              + (by_query || x.id.empty() ? ""
                                          : "Last-Event-ID: " + x.id + "\r\n")
              + "\r\n";
  (void)!::write(x.socket, text.data(), text.size());
  epoll_event event{EPOLLIN, {&x}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, x.socket, &event);
}

void crowd::leave(client& x, double again) {
  if (x.socket >= 0)
    ::close(x.socket);
  x.socket = -1;
  x.due = again;
}

void crowd::read_ready() {
  epoll_event events[512];
  auto count = ::epoll_wait(epoll_, events, 512, 5);
  for (int i = 0; i < count; ++i) {
    auto& x = *static_cast<client*>(events[i].data.ptr);
    if (x.socket < 0)
      continue;
    if ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0
        && (events[i].events & EPOLLIN) == 0) {
      ++(x.has_head ? all_.dropped : all_.failures);
      leave(x, elapsed() + between(0.1, 0.5));
    } else if ((events[i].events & EPOLLOUT) != 0) {
      x.began = wall_ms();
      ask(x);
    } else {
      read(x);
    }
  }
}

void crowd::read(client& x) {
  char bytes[65536];
  auto got = ::read(x.socket, bytes, sizeof(bytes));
  if (got < 0 && errno == EAGAIN)
    return;
  if (got <= 0) {
    ++(x.has_head ? all_.dropped : all_.failures);
    return leave(x, elapsed() + between(0.1, 0.5));
  }
  x.buffer.append(bytes, static_cast<size_t>(got));
  if (!x.has_head && !take_head(x))
    return;
  size_t from = 0;
  for (size_t end; (end = x.buffer.find("\n\n", from)) != std::string::npos;
       from = end + 2)
    take(x, std::string_view{x.buffer}.substr(from, end + 1 - from));
  x.buffer.erase(0, from);
}

bool crowd::take_head(client& x) {
  auto end = x.buffer.find("\r\n\r\n");
  if (end == std::string::npos)
    return false;
  if (x.buffer.compare(8, 4, " 200") != 0) {
    ++all_.refusals;
    leave(x, elapsed() + between(0.5, 1.5));
    return false;
  }
  x.has_head = true;
  x.buffer.erase(0, end + 4);
  return true;
}

void crowd::take(client& x, std::string_view frame) {
  auto id = field(frame, "id: ");
  auto event = field(frame, "event: ");
  if (event == "hello")
    ++all_.hellos;
  if (event == "gap") {
    auto data = field(frame, "data: ");
    auto at = data.find(":\"") + 2;
    ++all_.gaps[std::string{data.substr(at, data.find('"', at) - at)}];
    all_.missed += number_after(data, "\"missed\":");
    x.has_gap = true;
  }
  if (event == "worker-event")
    count(x, frame, id);
  if (!id.empty()) {
    x.id = id;
    if (event != "worker-event" && x.last == 0)
      x.last = number_after(id, "-");
  }
}

void crowd::count(client& x, std::string_view frame, std::string_view id) {
  ++all_.frames;
  ++x.events;
  auto late = wall_ms()
              - static_cast<double>(number_after(frame, "\"timestamp\":"));
  // What came before the connection is history.
  if (wall_ms() - late > x.began && !x.was_paused)
    all_.latencies.push_back(static_cast<float>(late));
  if (asked_.is_plain)
    return;
  auto number = number_after(id, "-");
  if (number <= x.last)
    ++all_.doubles;
  else if (number > x.last + 1 && !x.has_gap)
    ++all_.holes;
  x.last = std::max(x.last, number);
  x.has_gap = false;
}
