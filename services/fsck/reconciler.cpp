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

constexpr size_t most_known = 1000; // findings per class that `sample` keeps
constexpr size_t most_examples = 3; // per class

/// If more findings than these are also more than half of all files (or
/// pictures), the folder or the catalog is most likely the wrong one.
constexpr uint64_t few_files = 20;

/// The checks, by their places in the list.
enum check_place : size_t { images, jobs, files, outbox };

bool looks_as(const suspect& before, const std::optional<suspect>& now) {
  return now && now->which == before.which && now->evidence == before.evidence;
}

void note_found(const suspect& x, drift_count& counts) {
  ++counts.found;
  if (counts.examples.size() < most_examples)
    counts.examples.push_back(x.subject + ": " + x.what);
}

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

/// A producer whose clock is slow may have added a job just now that looks old,
/// and be about to write its picture: the clock of this process decides.
std::chrono::milliseconds
reconciler::pause_before(const suspects& found) const {
  auto has_job = std::any_of(found.begin(), found.end(), [](const auto& x) {
    return x.which == drift_class::job_without_image;
  });
  return std::min(options_.grace,
                  has_job ? options_.before_job_fails : options_.between_looks);
}

void reconciler::count_seen(drift_report& report) const {
  report.images = checks_[check_place::images]->seen();
  report.jobs = checks_[check_place::jobs]->seen();
  report.files = checks_[check_place::files]->seen();
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
      std::this_thread::sleep_for(pause_before(found));
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
  auto looked = look_once(most, found);
  for (auto& check : checks_)
    check->rest();
  if (!looked)
    return std::move(looked.error());
  std::set<finding_key> keys;
  per_drift<size_t> counts{};
  for (const auto& x : known_) {
    keys.emplace(x.which, x.subject);
    ++counts[static_cast<size_t>(x.which)];
  }
  for (auto& x : found) {
    auto& count = counts[static_cast<size_t>(x.which)];
    if (count < most_known && keys.emplace(x.which, x.subject).second) {
      ++count;
      known_.push_back(std::move(x));
    }
  }
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
    auto is_same = looks_as(x, *again);
    // A walk over what changes may meet a thing twice.
    if (is_same && reported_.emplace(x.which, x.subject).second)
      confirmed.push_back(std::move(**again));
    else if (!is_same && kept != nullptr)
      kept->push_back(std::move(**again));
  }
  refuse_masses(confirmed);
  // Only now, because one repair may mend several findings. What has changed
  // since, as repairs may take minutes, is left to the next look.
  for (auto& x : confirmed) {
    auto still = x.again(at);
    if (!still)
      return std::move(still.error());
    auto& counts = report.at(x.which);
    if (!*still && options_.repairs) { // the repair of another one mended it
      note_found(x, counts);
      ++counts.repaired;
    } else if (looks_as(x, *still) && !report_one(x, counts)
               && kept != nullptr) {
      kept->push_back(std::move(x));
    }
  }
  return ok;
}

/// Lets no repair fail or put away most of what there is.
void reconciler::refuse_masses(suspects& confirmed) {
  refuse_mass(confirmed, drift_class::row_without_file, check_place::images,
              "most pictures lack their files, so nothing was changed: is all "
              "of the uploads folder mounted?");
  refuse_mass(confirmed, drift_class::file_without_row, check_place::files,
              "most files have no picture, so nothing was changed: is this the "
              "catalog of this uploads folder?");
}

/// @param check counts what was looked at
void reconciler::refuse_mass(suspects& confirmed, drift_class which,
                             size_t check, const std::string& why) {
  auto seen = checks_[check]->seen();
  auto looked = seen - std::exchange(settled_at_[check], seen);
  auto is_it = [which](const suspect& x) {
    return x.which == which;
  };
  auto found = static_cast<uint64_t>(
    std::count_if(confirmed.begin(), confirmed.end(), is_it));
  if (found <= few_files || found * 2 <= looked)
    return;
  for (auto& x : confirmed)
    if (is_it(x))
      x.mend = [why]() -> status {
        return fail(ec::conflict, why);
      };
}

/// Counts a finding, and mends it. @returns whether it was mended
bool reconciler::report_one(const suspect& x, drift_count& counts) const {
  note_found(x, counts);
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
