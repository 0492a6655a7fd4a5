/// Deletes an image over HTTP: its rows, files, vector and jobs.
#include "actors/jobs/job_subject.hpp"
#include "config/clock.hpp"
#include "nodes/api/image_routes.hpp"
#include "nodes/api/stop_running.hpp"
#include "services/json/json.hpp"
#include "services/redis/stored_job.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace darkroom {

namespace {

/// A job that has a worker but cannot be stopped by our dispatcher has just
/// ended and would be tried again later, or another program runs it. So the
/// route looks at it again for this long, and then leaves it.
constexpr auto longest_look = std::chrono::milliseconds{500};
constexpr auto look_interval = std::chrono::milliseconds{50};

} // namespace

/// Removes the rows first: after that no job can write one again, even if the
/// rest fails. A second call repeats the rest.
http_response image_routes::delete_image(const http_request& request) {
  if (auto refusal = refuse_without_catalog())
    return *refusal;
  auto id = request.param("id");
  auto reached = [&] {
    std::lock_guard guard{remover_mutex_};
    return counter_.counts();
  }();
  if (!reached)
    return error_response(503, "redis_unavailable",
                          "nothing was deleted: " + reached.error().context,
                          "ask again once Redis is back");
  auto gone = [&] {
    std::lock_guard guard{book_mutex_};
    return book_.remove(id, wall_clock_ms(), variant_folder(id),
                        [this](const std::string& x) {
                          return storage_->real_name(x);
                        });
  }();
  if (!gone)
    return error_response(gone.error(), "GET /api/images lists what there is");
  auto files = storage_->remove_image(id, gone->files.free, gone->files.kept);
  auto jobs = remove_jobs(id);
  if (!files || !jobs)
    return error_response(jobs ? 500 : 503, "not_all_deleted",
                          "the rows of the image are deleted, but not all "
                            + std::string{jobs ? "files: " : "jobs: "}
                            + (jobs ? files.error() : jobs.error()).context,
                          "ask again: what is gone stays gone");
  jobs->update({{"imageId", id}, {"deleted", true}});
  return json_response(200, write_json(*jobs));
}

result<nlohmann::json> image_routes::remove_jobs(const std::string& image_id) {
  std::vector<std::string> ids;
  std::vector<std::string> removed;
  {
    std::lock_guard guard{remover_mutex_};
    // The id in the form of the jobs' JSON, without the quotes.
    auto text = write_json(image_id);
    auto found = remover_.unfinished_with(text.substr(1, text.size() - 2));
    if (!found)
      return std::move(found.error());
    for (const auto& x : *found)
      if (subject_of(x.data).image_id == image_id)
        ids.push_back(x.id);
  }
  std::vector<std::string> stopped;
  auto last_look = std::chrono::steady_clock::now() + longest_look;
  for (;;) {
    if (auto done = remove_waiting(ids, removed); !done)
      return std::move(done.error());
    if (ids.empty())
      break;
    auto stopping = stop_running(node_, ids);
    std::erase_if(ids, [&](const std::string& x) {
      return std::find(stopping.ids.begin(), stopping.ids.end(), x)
             != stopping.ids.end();
    });
    stopped.insert(stopped.end(), stopping.ids.begin(), stopping.ids.end());
    if (ids.empty() || std::chrono::steady_clock::now() >= last_look)
      break;
    std::this_thread::sleep_for(look_interval);
  }
  return nlohmann::json{
    {"jobsRemoved", removed}, {"jobsStopping", stopped}, {"jobsLeft", ids}};
}

/// Those that run stay in `ids`; those that have ended are left as they are.
status image_routes::remove_waiting(std::vector<std::string>& ids,
                                    std::vector<std::string>& removed) {
  std::lock_guard guard{remover_mutex_};
  std::vector<std::string> running;
  for (auto& x : ids) {
    auto job = remover_.find(x);
    if (!job && job.error().code != ec::not_found)
      return std::move(job.error());
    if (!job || !field_of(*job, "finishedOn").empty())
      continue;
    auto done = remover_.remove(x, wall_clock_ms());
    if (done)
      removed.push_back(std::move(x));
    else if (done.error().code == ec::conflict)
      running.push_back(std::move(x));
    else if (done.error().code != ec::not_found)
      return done;
  }
  ids = std::move(running);
  return ok;
}

} // namespace darkroom
