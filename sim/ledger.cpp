#include "sim/ledger.hpp"

#include "actors/lease_table.hpp"
#include "services/catalog/fence.hpp"

#include <algorithm>

namespace darkroom::sim {

namespace {

constexpr uint64_t thorough_every = 16; // changes: the full check costs most

bool is_attempt(settle_kind kind) {
  return kind != settle_kind::postpone && kind != settle_kind::give_back;
}

} // namespace

std::string label_in(const std::string& data) {
  auto at = data.find("label-");
  return at == data.npos ? std::string{}
                         : data.substr(at, data.find('"', at) - at);
}

ledger::ledger(stage& on, const queue_model& queue)
  : stage_(on),
    queue_(queue) {}

void ledger::note_new_jobs() {
  while (known_jobs_ < queue_.id_count) {
    auto id = std::to_string(++known_jobs_);
    accounts_[id];
    auto found = queue_.jobs.find(id);
    if (found == queue_.jobs.end()) {
      stage_.blame("job " + id + " was added and is not there");
      return;
    }
    const auto& fields = found->second.fields;
    auto label = label_in(fields.data);
    if (fields.name != "chain" && !label.empty() && ++children_[label] > 1)
      stage_.blame("effect twice: the job that is chained to " + label
                   + " was added again, as " + id);
  }
}

/// A start is between the time at which its claim was sent, which is recorded,
/// and the time at which Redis ran it, because two claims may overtake each
/// other. The limit counts as broken only if it is broken for all possible
/// times of the starts.
void ledger::note_start(int64_t sent) {
  starts_.push_back(sent);
  auto window = queue_.settings.limit_window.count();
  auto first = stage_.now_ms() - window;
  auto count = std::count_if(starts_.begin(), starts_.end(),
                             [first](int64_t x) { return x > first; });
  if (count > static_cast<long>(queue_.settings.limit_max))
    stage_.blame("window exceeded: " + std::to_string(count) + " starts within "
                 + std::to_string(window) + " ms, limit "
                 + std::to_string(queue_.settings.limit_max));
}

void ledger::stepped(const store_step& what, const store_reply& reply,
                     int64_t now) {
  for (size_t i = 0; i < what.settle.size(); ++i)
    if (static_cast<settle_status>(reply.statuses[i]) == settle_status::settled)
      note_settled(what.settle[i]);
  for (const auto& x : reply.jobs) {
    accounts_[x.id].token = x.token;
    stage_.tell("claimed", x.id, x.token);
    if (!x.deferred_failure.empty())
      failed_runs_.insert(key_of(x.id, x.token));
    else if (queue_.settings.limit_max > 0)
      note_start(now);
  }
  changed();
}

void ledger::note_settled(const settlement& x) {
  static const char* const kinds[] = {"completed", "failed",    "delayed",
                                      "retried",   "postponed", "returned"};
  stage_.tell("settled", x.job_id, kinds[static_cast<size_t>(x.kind)]);
  auto& mine = accounts_[x.job_id];
  if (mine.token != x.token)
    stage_.blame("late result accepted: job " + x.job_id + " was settled by "
                 + x.token + ", and is " + mine.token + "'s");
  check_attempt(x);
  if (x.kind != settle_kind::complete)
    return;
  const auto& fields = queue_.jobs.at(x.job_id).fields;
  if (++mine.completions > 1)
    stage_.blame("effect twice: job " + x.job_id + " completed again");
  if (fields.name == "generate-embeddings")
    check_rows(x);
  if (auto label = label_in(fields.data);
      fields.name == "chain" && !label.empty())
    parents_.insert(label);
}

/// A job completes only if its rows are stored, or a newer job has the image.
void ledger::check_rows(const settlement& x) {
  auto stored = accounts_[x.job_id].rows_attempt;
  if (x.value.find("superseded") != x.value.npos) {
    if (!has_newer(x.job_id))
      stage_.blame("job " + x.job_id
                   + " was superseded, and no job of its image is newer");
  } else if (stored != x.attempt) {
    stage_.blame("job " + x.job_id + " completed with attempt "
                 + std::to_string(x.attempt) + ", its rows are of attempt "
                 + std::to_string(stored));
  }
}

bool ledger::has_newer(const std::string& id) const {
  auto stamp_of = [](const job& x) {
    return attempt_stamp{x.id, x.timestamp, 0};
  };
  const auto& mine = queue_.jobs.at(id).fields;
  return std::any_of(queue_.jobs.begin(), queue_.jobs.end(),
                     [&](const auto& entry) {
                       const auto& other = entry.second.fields;
                       return other.name == mine.name && other.data == mine.data
                              && check_fence(stamp_of(other), stamp_of(mine))
                                   == fence_verdict::older;
                     });
}

/// An attempt is counted only if the job itself failed or completed.
void ledger::check_attempt(const settlement& x) {
  if (!is_attempt(x.kind))
    return;
  ++accounts_[x.job_id].attempts;
  const auto& name = queue_.jobs.at(x.job_id).fields.name;
  auto is_own = x.kind == settle_kind::complete || name == "flaky"
                || x.codec_died || x.runner_died
                || failed_runs_.count(key_of(x.job_id, x.token)) > 0;
  if (!is_own)
    stage_.blame("an attempt of job " + x.job_id
                 + " was counted that did not fail: " + x.value);
}

void ledger::reaped(const std::vector<std::string>& running,
                    const std::vector<std::string>& returned) {
  for (const auto& id : returned) {
    stage_.tell("reaped", id);
    if (std::find(running.begin(), running.end(), id) != running.end())
      stage_.blame("job " + id + " was given back, though it runs");
  }
  changed();
}

void ledger::changed() {
  note_new_jobs();
  check_states(++changes_ % thorough_every == 0);
}

void ledger::check_states(bool is_thorough) {
  const auto& q = queue_;
  auto standing = q.wait.size() + q.active.size() + q.prioritized.size()
                  + q.delayed.size() + q.completed.size() + q.failed.size();
  if (standing != accounts_.size())
    stage_.blame("job lost or doubled: " + std::to_string(accounts_.size())
                 + " jobs were added, " + std::to_string(standing)
                 + " stand in some state");
  if (!is_thorough)
    return;
  std::set<std::string> seen;
  seen.insert(q.wait.begin(), q.wait.end());
  seen.insert(q.active.begin(), q.active.end());
  seen.insert(q.completed.begin(), q.completed.end());
  seen.insert(q.failed.begin(), q.failed.end());
  for (const auto* from : {&q.prioritized, &q.delayed})
    for (const auto& [score, id] : *from)
      seen.insert(id);
  for (const auto& [id, x] : accounts_) {
    if (seen.count(id) == 0)
      stage_.blame("job lost: " + id + " stands in no state");
    auto made = q.jobs.at(id).fields.attempts_made;
    if (made != x.attempts)
      stage_.blame("job " + id + " has " + std::to_string(made)
                   + " attempts counted, and made "
                   + std::to_string(x.attempts));
  }
}

// -- runs ---------------------------------------------------------------------

void ledger::began(caf::actor_id pool, const job& work, uint32_t slots) {
  auto& mine = runs_[pool];
  mine.insert(key_of(work.id, work.token));
  if (mine.size() > slots)
    stage_.blame("pool " + std::to_string(pool) + " runs "
                 + std::to_string(mine.size()) + " jobs in "
                 + std::to_string(slots) + " slots");
}

void ledger::ended(caf::actor_id pool, const job& work) {
  runs_[pool].erase(key_of(work.id, work.token));
}

void ledger::failed(const job& work) {
  failed_runs_.insert(key_of(work.id, work.token));
}

void ledger::stored(const std::string& image_id, const attempt_stamp& stamp) {
  accounts_[stamp.job_id].rows_attempt = stamp.attempt;
  auto& newest = rows_[image_id];
  if (check_fence(newest, stamp) == fence_verdict::older)
    stage_.blame("the rows of " + image_id + " are of " + describe(stamp)
                 + " again, after " + describe(newest));
  newest = stamp;
}

void ledger::refused(const attempt_stamp& stamp) {
  // Faults cause a few extra runs; a job that runs in a circle has no limit.
  constexpr uint32_t most = 8;
  if (++accounts_[stamp.job_id].refusals > most)
    stage_.blame("the catalog refuses the rows of " + describe(stamp)
                 + " again and again");
}

// -- the end ------------------------------------------------------------------

bool ledger::is_over() const {
  return queue_.completed.size() + queue_.failed.size() == queue_.jobs.size();
}

void ledger::close() {
  check_states(true);
  for (const auto& label : parents_)
    if (children_[label] != 1)
      stage_.blame("effect lost: no job was chained to " + label);
}

} // namespace darkroom::sim
