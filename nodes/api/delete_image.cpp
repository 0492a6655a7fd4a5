/// Deletes an image over HTTP: its rows, files, vector and jobs.
#include "actors/jobs/job_subject.hpp"
#include "config/clock.hpp"
#include "nodes/api/image_routes.hpp"
#include "nodes/api/stop_running.hpp"
#include "services/json/json.hpp"
#include "services/storage/names.hpp"

#include <set>

namespace darkroom {

/// Removes the rows first: after that no job can write one again, even if the
/// rest fails. A second call repeats the rest.
http_response image_routes::delete_image(const http_request& request) {
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
                          return storage_.real_name(x);
                        });
  }();
  if (!gone)
    return error_response(gone.error(), "GET /api/images lists what there is");
  auto files = storage_.remove_image(id, gone->files.free, gone->files.kept);
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
  auto removed = nlohmann::json::array();
  std::vector<std::string> running;
  {
    std::lock_guard guard{remover_mutex_};
    // The id in the form of the jobs' JSON, without the quotes.
    auto text = write_json(image_id);
    auto found = remover_.unfinished_with(text.substr(1, text.size() - 2));
    if (!found)
      return std::move(found.error());
    std::set<std::string> seen;
    for (const auto& x : *found) {
      if (subject_of(x.data).image_id != image_id)
        continue;
      auto done = x.is_active ? status{fail(ec::conflict, "it runs")}
                              : remover_.remove(x.id, wall_clock_ms());
      if (done)
        removed.push_back(x.id);
      else if (done.error().code == ec::conflict && seen.insert(x.id).second)
        running.push_back(x.id);
      else if (done.error().code != ec::conflict
               && done.error().code != ec::not_found)
        return std::move(done.error());
    }
  }
  auto stopping = running.empty() ? id_list{} : stop_running(node_, running);
  return nlohmann::json{{"jobsRemoved", std::move(removed)},
                        {"jobsStopping", stopping.ids}};
}

} // namespace darkroom
