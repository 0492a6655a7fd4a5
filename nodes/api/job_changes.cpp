#include "nodes/api/job_changes.hpp"

#include "actors/jobs/job_subject.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "nodes/api/stop_running.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

job_changes::job_changes(node_context& node, catalog_reader& reader)
  : node_(node),
    reader_(reader),
    admin_(node.config.redis, node.config.queue) {
  admin_.watch_removals(picture_job_names(),
                        [this](const std::vector<removed_job>& removed) {
                          for (const auto& x : removed)
                            tell(failed_job_of(x, removed_reason));
                        });
}

status job_changes::retry(const std::string& id, bool is_fresh) {
  return admin_.retry(id, is_fresh, wall_clock_ms());
}

status job_changes::promote(const std::string& id) {
  return admin_.promote(id, wall_clock_ms());
}

status job_changes::remove(const std::string& id) {
  auto job = ready_to_end(id);
  if (!job)
    return std::move(job.error());
  return admin_.remove(id, wall_clock_ms());
}

result<bool> job_changes::cancel(const std::string& id) {
  auto job = ready_to_end(id);
  if (!job)
    return std::move(job.error());
  auto done = admin_.cancel(id, wall_clock_ms());
  if (!done)
    return done;
  if (*done)
    tell(failed_job_of(*job, cancel_reason));
  return done;
}

status job_changes::stop(const std::string& id) {
  auto stopping = stop_running(node_, {id});
  if (!stopping.failure.empty())
    return fail(ec::timed_out,
                "the dispatcher did not answer: " + stopping.failure);
  if (stopping.ids.empty())
    return fail(ec::conflict, "job " + id
                                + " runs, but not under this main node: ask "
                                  "the process that runs it; `darkroom job "
                                  "show` names it");
  return ok;
}

/// While the catalog is down, the job stays, as its picture would otherwise be
/// pending forever.
result<stored_job> job_changes::ready_to_end(const std::string& id) {
  auto job = admin_.find(id);
  if (!job)
    return job;
  auto subject = subject_of(std::string{field_of(*job, "data")});
  if (!part_of(std::string{field_of(*job, "name")}) || subject.image_id.empty())
    return job;
  auto there = reader_.image(subject.image_id);
  if (!there && there.error().code == ec::catalog_unavailable)
    return std::move(there.error());
  return job;
}

void job_changes::tell(const failed_job& job) {
  auto catalog = node_.peers->find<catalog_actor>(role::catalog);
  if (auto told = failure_note(job); told && catalog) {
    caf::scoped_actor self{node_.system};
    self->request(catalog, actor_timeout, *told)
      .receive([] {},
               [&](const caf::error& failed) {
                 spdlog::warn("catalog did not note the end of job {}: {}",
                              job.stamp.job_id, node_.system.render(failed));
               });
  }
  auto publisher
    = node_.peers->find<event_publisher_actor>(role::event_publisher);
  if (publisher && node_.config.events.publish)
    caf::anon_send(publisher,
                   event_batch{{failure_event(job, wall_clock_ms())}});
}

} // namespace darkroom
