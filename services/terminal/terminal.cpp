#include "services/terminal/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace darkroom {

namespace {

// The alternate screen, without its cursor, and without wrapping: wide letters
// must not push rows away. And back.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view home = "\x1b[H";
constexpr std::string_view clear_rest_of_line = "\x1b[K";
constexpr std::string_view clear_below = "\x1b[J";

void write_all(std::string_view text) {
  while (!text.empty()) {
    auto done = ::write(STDOUT_FILENO, text.data(), text.size());
    if (done <= 0)
      return; // the terminal is gone: `wait` tells
    text.remove_prefix(static_cast<size_t>(done));
  }
}

sigset_t watched_signals() {
  sigset_t out;
  sigemptyset(&out);
  for (auto signal : {SIGTERM, SIGINT, SIGHUP, SIGWINCH})
    sigaddset(&out, signal);
  return out;
}

} // namespace

bool can_redraw(int fd) {
  const char* kind = std::getenv("TERM");
  return ::isatty(fd) == 1 && kind != nullptr
         && std::string_view{kind} != "dumb";
}

bool may_colour(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  return can_redraw(fd) && (no_colour == nullptr || *no_colour == '\0');
}

terminal_size size_of(int fd) {
  winsize told{};
  terminal_size out;
  if (::ioctl(fd, TIOCGWINSZ, &told) == 0 && told.ws_col > 0
      && told.ws_row > 0) {
    out.columns = told.ws_col;
    out.lines = told.ws_row;
  }
  return out;
}

size_t columns_of_stdout() {
  return ::isatty(STDOUT_FILENO) == 1 ? size_of(STDOUT_FILENO).columns
                                      : std::numeric_limits<size_t>::max();
}

struct screen::saved {
  termios settings{};
};

result<std::unique_ptr<screen>> screen::open() {
  auto before = std::make_unique<saved>();
  if (!can_redraw(STDOUT_FILENO)
      || ::tcgetattr(STDIN_FILENO, &before->settings) != 0)
    return fail(ec::bad_input, "there is no terminal to draw on");
  return std::unique_ptr<screen>{new screen{std::move(before)}};
}

screen::screen(std::unique_ptr<saved> before) : before_(std::move(before)) {
  auto watched = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  signals_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  auto raw = before_->settings;
  ::cfmakeraw(&raw);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  write_all(enter);
}

screen::~screen() {
  write_all(leave);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_->settings);
  ::close(signals_);
}

terminal_size screen::size() const {
  return size_of(STDOUT_FILENO);
}

void screen::draw(const std::vector<std::string>& lines) {
  std::string out{home};
  for (size_t i = 0; i < lines.size(); ++i) {
    out += lines[i];
    out += clear_rest_of_line;
    if (i + 1 < lines.size())
      out += "\r\n";
  }
  write_all(out += clear_below);
}

screen_input screen::wait(std::chrono::milliseconds limit) {
  screen_input out;
  out.key = next_key();
  if (!out.key.empty())
    return out;
  pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}};
  if (::poll(sources, 2, static_cast<int>(limit.count())) <= 0)
    return out;
  signalfd_siginfo signal{};
  if (::read(signals_, &signal, sizeof signal)
      == static_cast<ssize_t>(sizeof signal))
    out.is_ended = signal.ssi_signo != SIGWINCH;
  if (sources[0].revents == 0)
    return out;
  char bytes[64];
  auto got = ::read(STDIN_FILENO, bytes, sizeof bytes);
  if (got <= 0) {
    out.is_ended = true;
    return out;
  }
  typed_.append(bytes, static_cast<size_t>(got));
  out.key = next_key();
  return out;
}

// A key's bytes arrive together, so an escape alone is the key of that name.
std::string screen::next_key() {
  if (typed_.empty())
    return {};
  auto take = [this](size_t bytes, std::string key) {
    typed_.erase(0, bytes);
    return key;
  };
  if (typed_.starts_with("\x1b[") || typed_.starts_with("\x1bO")) {
    auto end = typed_.find_first_of(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz~", 2);
    if (end == std::string::npos)
      return take(typed_.size(), {});
    auto last = typed_[end];
    return take(end + 1, last == 'A'   ? key_up
                         : last == 'B' ? key_down
                                       : "unknown");
  }
  switch (typed_[0]) {
    case '\x1b':
      return take(1, key_escape);
    case '\r':
    case '\n':
      return take(1, key_enter);
    default:
      return take(1, std::string(1, typed_[0]));
  }
}

} // namespace darkroom
