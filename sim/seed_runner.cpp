#include "sim/seed_runner.hpp"

#include "services/json/json.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace darkroom::sim {

namespace {

using nlohmann::json;

/// A seed takes at most a second, or a minute with sanitizers on a busy
/// machine.
constexpr unsigned time_limit_s = 600;

/// A process that plays one seed.
struct player {
  uint64_t seed = 0;
  pid_t pid = 0;
  int pipe = -1; ///< carries its report
  std::string text;
};

std::string to_text(const simulation_report& x) {
  return write_json({{"violation", x.violation},
                     {"hash", x.hash},
                     {"steps", x.steps},
                     {"jobs", x.jobs},
                     {"ms", x.virtual_ms}});
}

/// @param how  the process's wait status
simulation_report read_report(const player& x, int how) {
  simulation_report out;
  auto read = parse_json(x.text);
  if (read && read->is_object()) {
    out.violation = read->value("violation", "");
    out.hash = read->value("hash", "");
    out.steps = read->value("steps", uint64_t{0});
    out.jobs = read->value("jobs", uint64_t{0});
    out.virtual_ms = read->value("ms", int64_t{0});
  } else if (WIFSIGNALED(how)) {
    out.violation = "the process that played it ended by signal "
                    + std::to_string(WTERMSIG(how))
                    + (WTERMSIG(how) == SIGALRM ? ": it took too long" : "");
  } else {
    out.violation = "the process that played it ended without a report";
  }
  out.seed = x.seed;
  return out;
}

[[noreturn]] void play(int pipe, const simulation_options& options) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  alarm(time_limit_s);
  auto text = to_text(simulate(options));
  std::fflush(nullptr);
  size_t done = 0;
  while (done < text.size()) {
    auto wrote = write(pipe, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR)
      _exit(1);
    done += wrote > 0 ? static_cast<size_t>(wrote) : 0;
  }
  _exit(0);
}

class seed_runner {
public:
  explicit seed_runner(const simulation_options& each) : each_(each) {}

  status begin(uint64_t seed) {
    int ends[2];
    if (pipe(ends) != 0)
      return fail(ec::internal,
                  std::string{"no pipe: "} + std::strerror(errno));
    std::fflush(nullptr); // or a child would print buffered text again
    auto pid = fork();
    if (pid < 0) {
      auto why = std::string{"cannot start a process: "} + std::strerror(errno);
      close(ends[0]);
      close(ends[1]);
      return fail(ec::internal, why);
    }
    if (pid == 0) {
      close(ends[0]);
      auto options = each_;
      options.seed = seed;
      play(ends[1], options);
    }
    close(ends[1]);
    players_.push_back({seed, pid, ends[0], {}});
    return ok;
  }

  size_t running() const {
    return players_.size();
  }

  /// Waits until one ends.
  simulation_report wait() {
    for (;;) {
      std::vector<pollfd> pipes;
      for (const auto& x : players_)
        pipes.push_back({x.pipe, POLLIN, 0});
      ::poll(pipes.data(), pipes.size(), -1);
      for (size_t i = 0; i < pipes.size(); ++i)
        if (pipes[i].revents != 0 && is_at_end(players_[i]))
          return take(i);
    }
  }

private:
  static bool is_at_end(player& x) {
    char buffer[4096];
    auto got = read(x.pipe, buffer, sizeof buffer);
    if (got > 0)
      x.text.append(buffer, static_cast<size_t>(got));
    return got == 0 || (got < 0 && errno != EINTR);
  }

  simulation_report take(size_t index) {
    auto ended = std::move(players_[index]);
    players_.erase(players_.begin() + static_cast<long>(index));
    close(ended.pipe);
    int how = 0;
    while (waitpid(ended.pid, &how, 0) < 0 && errno == EINTR)
      continue;
    return read_report(ended, how);
  }

  simulation_options each_;
  std::vector<player> players_;
};

} // namespace

status
play_seeds(const seed_range& range, const simulation_options& each,
           const std::function<void(const simulation_report&)>& on_report) {
  seed_runner runner{each};
  auto next = range.first;
  auto end = range.first + range.count;
  status out = ok;
  while (next < end || runner.running() > 0) {
    while (out && next < end && runner.running() < range.processes)
      out = runner.begin(next++);
    if (!out)
      next = end;
    if (runner.running() == 0)
      continue;
    auto report = runner.wait();
    if (!report.violation.empty())
      next = end;
    on_report(report);
  }
  return out;
}

} // namespace darkroom::sim
