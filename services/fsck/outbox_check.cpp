#include "services/fsck/outbox_check.hpp"

#include "services/redis/job_options.hpp"
#include "services/redis/keys.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// Main nodes add what others left after 30 s; twice that.
constexpr std::chrono::milliseconds least_outbox_age{60000};

constexpr int64_t jobs_a_call = 500;        // jobs per call: some ms of Redis
constexpr int64_t most_outbox_jobs = 10000; // per look

std::string key_base(const fsck_stores& stores) {
  const auto& queue = stores.config.queue;
  return queue_keys{queue.prefix, queue.name}.base();
}

/// Adds the job with all that are as old, like main nodes do: with the time of
/// their images, so that a later deletion makes them void.
status mend_outbox(fsck_stores& stores, const outbox_job& job) {
  auto waiting = stores.book->outbox(job.created_at, jobs_a_call);
  if (!waiting)
    return std::move(waiting.error());
  for (auto& x : *waiting) {
    for (auto& one : x.jobs)
      one.options = default_job_options(stores.config.jobs);
    auto added = stores.queue.add(x.jobs, x.created_at);
    if (!added)
      return std::move(added.error());
    if (auto noted = stores.book->added(x.jobs); !noted)
      return noted;
  }
  auto stays = stores.audit.is_in_outbox(job.id);
  if (!stays)
    return std::move(stays.error());
  if (*stays)
    return fail(ec::conflict, "older jobs come first: run this again");
  return ok;
}

suspect suspect_of(fsck_stores& stores, const outbox_job& job) {
  suspect out;
  out.which = drift_class::stuck_outbox;
  out.subject = job.id;
  out.what = "image " + job.image_id + " waits for it, and it was never added";
  out.evidence = std::to_string(job.created_at);
  out.again = [&stores,
               job](const fsck_look&) -> result<std::optional<suspect>> {
    auto stays = stores.audit.is_in_outbox(job.id);
    if (!stays)
      return std::move(stays.error());
    return *stays ? std::optional{suspect_of(stores, job)} : std::nullopt;
  };
  out.mend = [&stores, job] {
    return mend_outbox(stores, job);
  };
  return out;
}

} // namespace

result<bool> outbox_check::look(uint64_t, const fsck_look& at, suspects& out) {
  if (!at.is_wanted(drift_class::stuck_outbox))
    return true;
  auto until = at.now - std::max(at.grace, least_outbox_age).count();
  auto jobs = stores_.audit.outbox(key_base(stores_), until, most_outbox_jobs);
  if (!jobs)
    return std::move(jobs.error());
  for (const auto& x : *jobs)
    out.push_back(suspect_of(stores_, x));
  return true;
}

} // namespace darkroom
