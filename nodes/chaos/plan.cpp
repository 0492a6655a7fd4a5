#include "nodes/chaos/plan.hpp"

#include "config/units.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <utility>

namespace darkroom {

namespace {

constexpr std::array<harm, 6> all_harms{harm::kill_actor,    harm::kill_worker,
                                        harm::freeze_worker, harm::cut_worker,
                                        harm::kill_clients,  harm::stop_redis};

/// A node and, for kill-actor, one of its actors.
struct target {
  std::string node;
  std::string actor;
};

/// When targets are back.
class absences {
public:
  void leave(const std::string& node, std::chrono::milliseconds until) {
    until_[node] = until;
  }

  bool is_away(const std::string& node, std::chrono::milliseconds now) const {
    auto found = until_.find(node);
    return found != until_.end() && now < found->second;
  }

  size_t count(std::chrono::milliseconds now) const {
    return static_cast<size_t>(
      std::count_if(until_.begin(), until_.end(),
                    [now](const auto& x) { return now < x.second; }));
  }

private:
  std::map<std::string, std::chrono::milliseconds> until_;
};

class planner {
public:
  planner(chaos_fleet fleet, const plan_options& options)
    : fleet_(std::move(fleet)),
      options_(options),
      random_(options.seed) {
    auto by_name = [](const auto& a, const auto& b) {
      return a.name < b.name;
    };
    std::sort(fleet_.workers.begin(), fleet_.workers.end(), by_name);
    std::sort(fleet_.main_actors.begin(), fleet_.main_actors.end());
    for (auto& x : fleet_.workers)
      std::sort(x.actors.begin(), x.actors.end());
  }

  std::vector<plan_step> plan() {
    std::vector<plan_step> out;
    for (auto at = options_.every; at <= options_.duration;
         at += options_.every)
      add_step(at, out);
    return out;
  }

private:
  void add_step(std::chrono::milliseconds at, std::vector<plan_step>& out) {
    std::vector<std::pair<harm, std::vector<target>>> choices;
    for (auto kind : options_.harms)
      if (auto found = targets_of(kind, at); !found.empty())
        choices.emplace_back(kind, std::move(found));
    if (choices.empty())
      return;
    auto& [kind, targets] = choices[any(choices.size())];
    auto& chosen = targets[any(targets.size())];
    plan_step step{at, kind, chosen.node, chosen.actor, time_of(kind)};
    if (takes_away(kind)) {
      auto back = kind == harm::stop_redis ? std::chrono::milliseconds{0}
                                           : return_time;
      away_.leave(step.node, at + step.away + back);
    }
    out.push_back(std::move(step));
  }

  /// Uses the plain numbers of mt19937_64, which are the same everywhere; the
  /// standard library's distributions differ.
  size_t any(size_t count) {
    return random_() % count;
  }

  std::chrono::milliseconds time_of(harm kind) const {
    return takes_time(kind) ? options_.away : std::chrono::milliseconds{0};
  }

  std::vector<target> targets_of(harm kind,
                                 std::chrono::milliseconds now) const {
    if (takes_away(kind) && away_.count(now) >= options_.blast_radius)
      return {};
    switch (kind) {
      case harm::kill_actor:
        return actors(now);
      case harm::kill_clients:
      case harm::stop_redis:
        if (away_.is_away(redis_target, now))
          return {};
        return {{redis_target, {}}};
      default:
        return workers(is_signal(kind), now);
    }
  }

  std::vector<target> actors(std::chrono::milliseconds now) const {
    std::vector<target> out;
    for (const auto& actor : fleet_.main_actors)
      out.push_back({main_target, actor});
    for (const auto& x : fleet_.workers)
      if (!away_.is_away(x.name, now))
        for (const auto& actor : x.actors)
          out.push_back({x.name, actor});
    return out;
  }

  std::vector<target> workers(bool reachable_only,
                              std::chrono::milliseconds now) const {
    std::vector<target> out;
    size_t present = fleet_.bystanders;
    for (const auto& x : fleet_.workers) {
      if (away_.is_away(x.name, now))
        continue;
      ++present;
      if (!reachable_only || x.is_reachable)
        out.push_back({x.name, {}});
    }
    if (present < 2) // never the last one
      out.clear();
    return out;
  }

  chaos_fleet fleet_;
  const plan_options& options_;
  std::mt19937_64 random_;
  absences away_;
};

} // namespace

const char* to_string(harm x) {
  switch (x) {
    case harm::kill_actor:
      return "kill-actor";
    case harm::kill_worker:
      return "kill-worker";
    case harm::freeze_worker:
      return "freeze-worker";
    case harm::cut_worker:
      return "cut-worker";
    case harm::kill_clients:
      return "kill-clients";
    case harm::stop_redis:
      return "stop-redis";
  }
  return "unknown";
}

bool is_signal(harm x) {
  return x == harm::kill_worker || x == harm::freeze_worker;
}

bool is_on_redis(harm x) {
  return x == harm::kill_clients || x == harm::stop_redis;
}

bool takes_away(harm x) {
  return x != harm::kill_actor && x != harm::kill_clients;
}

bool takes_time(harm x) {
  return x == harm::freeze_worker || x == harm::cut_worker
         || x == harm::stop_redis;
}

result<std::vector<harm>> parse_harms(std::string_view text) {
  std::vector<harm> out;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    auto found = std::find_if(all_harms.begin(), all_harms.end(),
                              [word](harm x) { return word == to_string(x); });
    if (found == all_harms.end()) {
      std::string known;
      for (auto x : all_harms)
        known += (known.empty() ? "" : ", ") + std::string{to_string(x)};
      return fail(ec::bad_config, "'" + std::string{word}
                                    + "' is not a known action. Actions are "
                                    + known);
    }
    out.push_back(*found);
  }
  if (out.empty())
    return fail(ec::bad_config, "there is no action to do");
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string to_string(const plan_step& x) {
  auto out = std::string{to_string(x.kind)} + " " + x.node;
  if (!x.actor.empty())
    out += "/" + x.actor;
  if (x.away.count() > 0)
    out += " for " + format_duration(x.away);
  return out;
}

std::vector<plan_step> plan_chaos(chaos_fleet fleet,
                                  const plan_options& options) {
  return planner{std::move(fleet), options}.plan();
}

} // namespace darkroom
