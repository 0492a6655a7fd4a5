#include "services/fsck/reconciler.hpp"

#include "services/fsck/file_check.hpp"
#include "services/fsck/image_check.hpp"
#include "services/fsck/job_check.hpp"
#include "services/fsck/outbox_check.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace darkroom {

namespace {

constexpr uint64_t things_a_look = 500; // things per look

/// Suspects that are judged at once: the queue is read once for all of them.
constexpr size_t most_suspects = 1000;

constexpr size_t most_known = 1000; // findings that `sample` keeps
constexpr size_t most_examples = 3; // per class

} // namespace

per_drift<bool> every_drift() {
  per_drift<bool> out;
  out.fill(true);
  return out;
}

reconciler::reconciler(std::unique_ptr<fsck_stores> stores,
                       fsck_options options)
  : stores_(std::move(stores)),
    options_(std::move(options)) {
  checks_.push_back(std::make_unique<image_check>(*stores_));
  checks_.push_back(std::make_unique<job_check>(*stores_));
  checks_.push_back(std::make_unique<file_check>(*stores_));
  checks_.push_back(std::make_unique<outbox_check>(*stores_));
}

void reconciler::count_seen(drift_report& report) const {
  report.images = checks_[0]->seen();
  report.jobs = checks_[1]->seen();
  report.files = checks_[2]->seen();
  auto of_files = options_.is_wanted(drift_class::row_without_file)
                  || options_.is_wanted(drift_class::file_without_row);
  if (of_files && report.images > 0)
    report.no_files = stores_->no_storage;
}

fsck_look reconciler::look_at(const unfinished_index& jobs, int64_t now) {
  return {jobs, now, options_.grace, options_.wanted, ++looks_};
}

result<drift_report> reconciler::all() {
  drift_report report;
  suspects found;
  stores_->look_for_storage();
  reported_.clear();
  // Clears most images that wait for their jobs; `settle` reads it anew.
  auto now = options_.now();
  auto jobs = stores_->unfinished();
  if (!jobs)
    return std::move(jobs.error());
  auto at = look_at(*jobs, now);
  for (auto& check : checks_)
    for (auto is_end = false; !is_end;) {
      auto looked = check->look(things_a_look, at, found);
      if (!looked)
        return std::move(looked.error());
      is_end = *looked;
      auto is_full = found.size() >= most_suspects && !check->must_end_first();
      if (found.empty() || (!is_full && !is_end))
        continue;
      std::this_thread::sleep_for(
        std::min(options_.grace, options_.between_looks));
      if (auto done = settle(found, report, nullptr); !done)
        return std::move(done.error());
      found.clear();
    }
  count_seen(report);
  return report;
}

result<drift_report> reconciler::sample(uint64_t most) {
  drift_report report;
  suspects kept;
  stores_->look_for_storage();
  reported_.clear();
  if (!known_.empty())
    if (auto done = settle(known_, report, &kept); !done)
      return std::move(done.error());
  known_ = std::move(kept);
  suspects found;
  if (auto done = look_once(most, found); !done)
    return std::move(done.error());
  std::set<finding_key> keys;
  for (const auto& x : known_)
    keys.emplace(x.which, x.subject);
  for (auto& x : found)
    if (known_.size() < most_known && keys.emplace(x.which, x.subject).second)
      known_.push_back(std::move(x));
  count_seen(report);
  return report;
}

/// Without the queue: whatever waits for a job is suspected, and cleared by the
/// next look.
status reconciler::look_once(uint64_t most, suspects& out) {
  const unfinished_index nothing;
  auto at = look_at(nothing, options_.now());
  for (auto& check : checks_) {
    auto until = check->seen() + most;
    for (auto is_end = false; !is_end && check->seen() < until;) {
      auto looked = check->look(std::min(things_a_look, until - check->seen()),
                                at, out);
      if (!looked)
        return std::move(looked.error());
      is_end = *looked;
    }
  }
  return ok;
}

status reconciler::settle(suspects& found, drift_report& report,
                          suspects* kept) {
  auto now = options_.now(); // before the queue is read: repairs count as older
  auto jobs = stores_->unfinished();
  if (!jobs)
    return std::move(jobs.error());
  auto at = look_at(*jobs, now);
  suspects confirmed;
  for (const auto& x : found) {
    auto again = x.again(at);
    if (!again)
      return std::move(again.error());
    if (!*again)
      continue;
    auto is_same = (*again)->which == x.which
                   && (*again)->evidence == x.evidence;
    // A walk over what changes may meet a thing twice.
    if (is_same && reported_.emplace(x.which, x.subject).second)
      confirmed.push_back(std::move(**again));
    else if (!is_same && kept != nullptr)
      kept->push_back(std::move(**again));
  }
  // Only now, because one repair may mend several findings.
  for (auto& x : confirmed)
    if (!report_one(x, report.at(x.which)) && kept != nullptr)
      kept->push_back(std::move(x));
  return ok;
}

/// Counts a finding, and mends it. @returns whether it was mended
bool reconciler::report_one(const suspect& x, drift_count& counts) const {
  ++counts.found;
  if (counts.examples.size() < most_examples)
    counts.examples.push_back(x.subject + ": " + x.what);
  if (!options_.repairs)
    return false;
  auto mended = x.mend();
  if (mended)
    ++counts.repaired;
  else
    counts.trouble = mended.error().context;
  return static_cast<bool>(mended);
}

} // namespace darkroom
