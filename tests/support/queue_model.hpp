/// What a queue's states should be, kept in memory: the oracle of
/// queue_model_test.
#pragma once

#include "messages/settlement.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace darkroom::test {

/// Lists have Redis's order: index 0 is the head, the last one runs next.
struct queue_model {
  using strings = std::vector<std::string>;
  using ranking = std::set<std::pair<int64_t, std::string>>;

  struct item {
    uint32_t priority = 0;
    uint32_t taken = 0;   ///< ats
    uint32_t made = 0;    ///< atm
    uint32_t stalled = 0; ///< stc
    bool is_locked = false;
    std::string deduplication; ///< id; empty: none
  };

  bool is_blocked() const {
    return is_paused || (concurrency > 0 && active.size() >= concurrency);
  }

  /// Whose job an add with this deduplication id gives; empty: a new one.
  std::string owner_of(const std::string& deduplication) const {
    auto found = owners.find(deduplication);
    return found == owners.end() ? std::string{} : found->second;
  }

  void add(const std::string& id, const new_job& x, int64_t now,
           const std::string& deduplication = {}) {
    jobs[id].priority = x.priority;
    jobs[id].deduplication = deduplication;
    if (!deduplication.empty())
      owners[deduplication] = id;
    if (x.delay_ms > 0)
      delay(id, now + x.delay_ms);
    else
      line_up(id, x.priority == 0 && x.lifo);
  }

  void promote(int64_t now) {
    while (!delayed.empty() && delayed.begin()->first / 4096 <= now) {
      auto id = delayed.begin()->second;
      delayed.erase(delayed.begin());
      line_up(id, false);
    }
  }

  strings claim(size_t count, int64_t now) {
    promote(now);
    if (is_paused)
      count = 0;
    if (concurrency > 0)
      count = std::min(count,
                       concurrency - std::min(concurrency, active.size()));
    strings out;
    for (; !wait.empty() && out.size() < count; wait.pop_back())
      out.push_back(wait.back());
    if (out.size() < count && prioritized.empty())
      rank_count = 0;
    while (!prioritized.empty() && out.size() < count) {
      out.push_back(prioritized.begin()->second);
      prioritized.erase(prioritized.begin());
    }
    for (const auto& id : out) {
      active.insert(active.begin(), id);
      ++jobs[id].taken;
      jobs[id].is_locked = true;
    }
    return out;
  }

  /// @returns the status: . settled, G gone, F fenced, N not active
  char settle(const settlement& x, int64_t now) {
    if (jobs.count(x.job_id) == 0)
      return 'G';
    auto& mine = jobs[x.job_id];
    if (mine.taken != x.attempt)
      return 'F';
    if (std::erase(active, x.job_id) == 0)
      return 'N';
    mine.is_locked = false;
    suspects.erase(x.job_id);
    auto is_attempt = x.kind != settle_kind::postpone
                      && x.kind != settle_kind::give_back;
    mine.made += is_attempt ? 1 : 0;
    leave(x, now);
    return '.';
  }

  /// A stalled check. @returns the ids that were recovered
  std::set<std::string> check_stalled() {
    std::set<std::string> out;
    for (const auto& id : suspects) {
      if (jobs.count(id) == 0 || jobs[id].is_locked
          || std::erase(active, id) == 0)
        continue;
      ++jobs[id].stalled;
      wait.push_back(id);
      out.insert(id);
    }
    suspects = {active.begin(), active.end()};
    return out;
  }

  /// An ended job goes back in line. @returns whether it had ended
  bool retry(const std::string& id, bool is_fresh) {
    if (completed.erase(id) + failed.erase(id) == 0)
      return false;
    if (is_fresh)
      jobs[id].made = 0;
    line_up(id, false);
    return true;
  }

  bool promote_one(const std::string& id) {
    if (!take(delayed, id))
      return false;
    line_up(id, false);
    return true;
  }

  /// @returns false if it runs
  bool remove(const std::string& id) {
    if (jobs[id].is_locked)
      return false;
    std::erase(wait, id);
    std::erase(active, id);
    take(delayed, id);
    take(prioritized, id);
    completed.erase(id);
    failed.erase(id);
    release(id);
    jobs.erase(id);
    return true;
  }

  std::map<std::string, item> jobs;
  std::map<std::string, std::string> owners; ///< of deduplication ids
  strings wait, active;
  ranking prioritized, delayed; ///< by score
  std::set<std::string> completed, failed, suspects;
  bool is_paused = false;
  size_t concurrency = 0; ///< 0 = no limit
  int64_t rank_count = 0; ///< the key "pc"

private:
  static bool take(ranking& from, const std::string& id) {
    return std::erase_if(from, [&](const auto& x) { return x.second == id; })
           > 0;
  }

  /// The job's deduplication id is free again, if it is the owner.
  void release(const std::string& id) {
    auto found = owners.find(jobs[id].deduplication);
    if (found != owners.end() && found->second == id)
      owners.erase(found);
  }

  void leave(const settlement& x, int64_t now) {
    switch (x.kind) {
      case settle_kind::complete:
        completed.insert(x.job_id);
        release(x.job_id);
        break;
      case settle_kind::fail:
        failed.insert(x.job_id);
        release(x.job_id);
        break;
      case settle_kind::retry_later:
      case settle_kind::postpone:
        delay(x.job_id, now + x.delay_ms);
        break;
      case settle_kind::retry_now:
        promote(now);
        line_up(x.job_id, jobs[x.job_id].priority == 0 && x.lifo);
        break;
      case settle_kind::give_back:
        line_up(x.job_id, true);
        break;
    }
  }

  void line_up(const std::string& id, bool first) {
    auto priority = static_cast<int64_t>(jobs[id].priority);
    if (priority > 0)
      prioritized.emplace((priority << 32) + (first ? 0 : ++rank_count), id);
    else
      wait.insert(first ? wait.end() : wait.begin(), id);
  }

  void delay(const std::string& id, int64_t due) {
    auto score = due * 4096;
    for (const auto& [other, name] : delayed)
      if (other / 4096 == due)
        score = other + 1;
    delayed.emplace(score, id);
  }
};

} // namespace darkroom::test
