#include "services/fsck/job_check.hpp"

#include <utility>

namespace darkroom {

namespace {

/// What is wrong with a job, and what mends it.
struct job_verdict {
  bool is_removed = false; ///< its image was deleted; else it is failed
  std::string what;        ///< empty: all is well
};

/// Whether the picture's file need not be there yet.
bool may_wait(const queued_job& job, const fsck_look& at) {
  return job.is_parent || job.due > at.now;
}

/// An image's row comes with its first run, so a job of an image without a row
/// is sound as long as the file is there.
result<job_verdict> judge_job(fsck_stores& stores, const queued_job& job,
                              const job_about& about, const fsck_look& at) {
  if (!about.part || about.image_id.empty() || about.file_path.empty()
      || job.is_active || at.is_fresh(job.timestamp) || at.is_fresh(job.due))
    return job_verdict{};
  auto trace = stores.audit.trace_of(about.image_id);
  if (!trace)
    return std::move(trace.error());
  if (trace->has_row || trace->is_coming || at.is_fresh(trace->deleted_at))
    return job_verdict{};
  if (trace->deleted_at >= job.timestamp)
    return job_verdict{true, "image " + about.image_id + " was deleted"};
  if (!stores.storage || may_wait(job, at) || !stores.is_gone(about.file_path))
    return job_verdict{};
  return job_verdict{false, "image " + about.image_id
                              + " has neither a row nor the file "
                              + about.file_path};
}

suspect suspect_of(fsck_stores& stores, const queued_job& job,
                   const job_about& about, const job_verdict& verdict);

/// The scripts refuse a job that has started meanwhile.
status mend_job(fsck_stores& stores, const std::string& id,
                const job_verdict& verdict, int64_t now) {
  if (verdict.is_removed)
    return stores.admin.remove(id, now);
  auto failed = stores.admin.cancel(id, now, verdict.what);
  if (!failed)
    return std::move(failed.error());
  if (!*failed)
    return fail(ec::conflict, "job " + id + " has started meanwhile");
  return ok;
}

result<std::optional<suspect>>
look_again(fsck_stores& stores, const queued_job& job, const job_about& about,
           const fsck_look& at) {
  auto fate = stores.census.fate_of(job.id);
  if (!fate)
    return std::move(fate.error());
  if (fate->place != job_place::queued || fate->is_active
      || fate->timestamp != job.timestamp)
    return std::optional<suspect>{};
  auto verdict = judge_job(stores, job, about, at);
  if (!verdict)
    return std::move(verdict.error());
  if (verdict->what.empty())
    return std::optional<suspect>{};
  auto out = suspect_of(stores, job, about, *verdict);
  out.mend = [&stores, id = job.id, verdict = *verdict, now = at.now] {
    return mend_job(stores, id, verdict, now);
  };
  return std::optional{std::move(out)};
}

suspect suspect_of(fsck_stores& stores, const queued_job& job,
                   const job_about& about, const job_verdict& verdict) {
  suspect out;
  out.which = drift_class::job_without_image;
  out.subject = job.id;
  out.what = verdict.what;
  out.evidence = std::to_string(job.timestamp);
  out.again = [&stores, job, about](const fsck_look& at) {
    return look_again(stores, job, about, at);
  };
  return out;
}

} // namespace

result<bool> job_check::look(uint64_t most, const fsck_look& at,
                             suspects& out) {
  if (!at.is_wanted(drift_class::job_without_image))
    return true;
  auto jobs = stores_.census.next(next_, most);
  if (!jobs)
    return std::move(jobs.error());
  for (auto& x : *jobs) {
    auto about = about_of(stores_.makers, x);
    x.data.clear(); // suspects are kept
    auto verdict = judge_job(stores_, x, about, at);
    if (!verdict)
      return std::move(verdict.error());
    if (!verdict->what.empty())
      out.push_back(suspect_of(stores_, x, about, *verdict));
  }
  seen_ += jobs->size();
  return jobs->empty();
}

} // namespace darkroom
