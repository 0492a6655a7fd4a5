#include "actors/job_figures.hpp"

#include "actors/jobs/job_type.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

double seconds(int64_t ms) {
  return static_cast<double>(std::max<int64_t>(ms, 0)) / 1000;
}

/// When the job could have started for the first time.
int64_t ready_at(const job& work) {
  return work.timestamp + work.options.delay_ms;
}

} // namespace

const char* outcome_of(settle_kind kind) {
  switch (kind) {
    case settle_kind::complete:
      return "completed";
    case settle_kind::fail:
      return "failed";
    case settle_kind::retry_later:
    case settle_kind::retry_now:
      return "retried";
    case settle_kind::postpone:
      return "postponed";
    case settle_kind::give_back:
      return "returned";
  }
  return "unknown";
}

job_figures::job_figures(metrics_ptr counted, std::string queue)
  : counted_(std::move(counted)),
    queue_(std::move(queue)) {
  if (!counted_)
    return;
  for (const auto& name : job_type_names()) {
    auto known = counted_->bounded("name", name);
    if (find_job_type(name, false) == nullptr)
      continue;
    // An alert sees a counter rise only if it was there before.
    for (auto how :
         {settle_kind::complete, settle_kind::fail, settle_kind::retry_later,
          settle_kind::postpone, settle_kind::give_back})
      counted_->add(counter::jobs,
                    {{"queue", counted_->bounded("queue", queue_)},
                     {"name", known},
                     {"outcome", outcome_of(how)}},
                    0);
  }
}

metrics::labels job_figures::labels_of(const job& work) const {
  return {{"queue", counted_->bounded("queue", queue_)},
          {"name", counted_->bounded("name", work.name)}};
}

void job_figures::started(const job& work, int64_t now) {
  if (counted_ && work.attempt == 1)
    counted_->observe(histogram::job_wait, labels_of(work),
                      seconds(now - ready_at(work)));
}

void job_figures::ended(const job& work, int64_t began, const settlement& how,
                        int64_t now) {
  if (!counted_)
    return;
  auto where = labels_of(work);
  if (how.kind != settle_kind::give_back && how.kind != settle_kind::postpone)
    counted_->observe(histogram::job_duration, where, seconds(now - began));
  if (how.kind == settle_kind::complete || how.kind == settle_kind::fail)
    counted_->observe(histogram::job_end_to_end, where,
                      seconds(now - ready_at(work)));
  if (how.codec_died)
    add(counter::codec_deaths);
  where["outcome"] = outcome_of(how.kind);
  counted_->add(counter::jobs, where);
}

void job_figures::limited(int64_t until, int64_t now) {
  auto known = std::max(limited_until_, now);
  if (until <= known)
    return;
  if (limited_until_ <= now)
    add(counter::queue_limited);
  count(counted_, counter::queue_limited_seconds, {}, seconds(until - known));
  limited_until_ = until;
}

void job_figures::add(counter which, size_t how_many) {
  count(counted_, which, {}, static_cast<double>(how_many));
}

} // namespace darkroom
