/// The looks of `job_routes`: lists of jobs, and one job.
#include "config/clock.hpp"
#include "nodes/api/filter_query.hpp"
#include "nodes/api/job_filter_query.hpp"
#include "nodes/api/job_routes.hpp"
#include "nodes/job_json.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/json/member.hpp"
#include "services/redis/job_story.hpp"
#include "services/redis/job_walk.hpp"

#include <limits>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr uint32_t jobs_per_page = 50;
constexpr int64_t last_numbered_page
  = std::numeric_limits<uint32_t>::max() / jobs_per_page - 1;
constexpr int64_t most_listed_jobs = 500; // of one answer
constexpr size_t longest_cursor = 600;    // bytes: a score and a job's id

/// {queue, id} of "bull:<queue>:<id>"; the prefix may have colons, too.
json job_at(const std::string& key) {
  auto last = key.rfind(':');
  if (last == key.npos || last == 0)
    return nullptr;
  auto before = key.rfind(':', last - 1);
  auto first = before == key.npos ? 0 : before + 1;
  return {{"queue", key.substr(first, last - first)},
          {"id", key.substr(last + 1)},
          {"key", key}};
}

json children_json(const job_family& from) {
  auto with = [](const auto& pairs, const char* name, bool is_json) {
    auto out = json::array();
    for (const auto& [key, text] : pairs) {
      auto child = job_at(key);
      if (!child.is_null()) {
        child[name] = is_json ? json_or_text(text) : json(text);
        out.push_back(std::move(child));
      }
    }
    return out;
  };
  auto plain = [](const auto& keys) {
    auto out = json::array();
    for (const auto& key : keys)
      if (auto child = job_at(key); !child.is_null())
        out.push_back(std::move(child));
    return out;
  };
  return {{"counts",
           {{"processed", from.processed_count},
            {"unprocessed", from.unprocessed_count},
            {"failed", from.failed_count},
            {"ignored", from.ignored_count}}},
          {"processed", with(from.processed, "returnvalue", true)},
          {"unprocessed", plain(from.unprocessed)},
          {"failed", plain(from.failed)},
          {"ignored", with(from.ignored, "failedReason", false)}};
}

json timeline_json(const std::vector<story_entry>& story) {
  auto out = json::array();
  for (const auto& x : story) {
    json entry{{"at", x.at}, {"what", x.what}};
    if (!x.note.empty())
      entry["note"] = x.note;
    out.push_back(std::move(entry));
  }
  return out;
}

json list_json(const std::vector<stored_job>& jobs) {
  auto out = json::array();
  for (const auto& x : jobs)
    out.push_back(to_json(x));
  return out;
}

uint64_t count_of(const queue_counts& counts, const std::string& state) {
  auto all = to_json(counts);
  auto found = all.find(state == "paused" ? "waiting" : state);
  return found == all.end() ? 0 : found->get<uint64_t>();
}

} // namespace

http_response job_routes::list_jobs(const http_request& request) {
  query_reader query{request};
  walk_request what;
  what.state = query.word("state", "waiting", walked_states());
  auto page = query.number("page", -1, 0, last_numbered_page);
  what.limit = static_cast<uint32_t>(
    query.number("limit", jobs_per_page, 1, most_listed_jobs));
  what.cursor = query.text("cursor", longest_cursor);
  std::optional<http_response> refusal;
  what.filter = read_job_filter(query, refusal);
  if (refusal)
    return *refusal;
  if (page >= 0 && (!what.cursor.empty() || what.filter.is_set()))
    return error_response(400, "bad_input",
                          "'page' takes neither a cursor nor a filter",
                          "leave it out, and follow `next`");
  std::lock_guard guard{mutex_};
  auto counts = queue_.counts();
  if (!counts)
    return error_response(counts.error());
  json out{{"state", what.state}, {"total", count_of(*counts, what.state)}};
  if (page >= 0) {
    auto found = queue_.list(
      what.state, static_cast<uint32_t>(page) * jobs_per_page, jobs_per_page);
    if (!found)
      return error_response(found.error());
    out["page"] = page;
    out["jobs"] = list_json(*found);
    return json_response(200, write_json(out));
  }
  auto found = walk_jobs(queue_, what);
  if (!found)
    return error_response(found.error());
  out["jobs"] = list_json(found->jobs);
  out["next"] = found->next.empty() ? json{} : json(found->next);
  return json_response(200, write_json(out));
}

http_response job_routes::one_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  auto& admin = changes_.admin();
  auto job = admin.find(id);
  if (!job)
    return error_response(job.error());
  auto place = queue_.explain(id, wall_clock_ms());
  if (!place)
    return error_response(place.error());
  auto logs = admin.logs(id);
  if (!logs)
    return error_response(logs.error());
  auto family = family_of(queue_.connection(), queue_.keys(), *job);
  if (!family)
    return error_response(family.error());
  auto story = story_of(queue_.connection(), queue_.keys(), *job);
  if (!story)
    return error_response(story.error());
  auto out = to_json(*job);
  if (auto parsed = parse_json(*place); parsed)
    out["state"] = text_member(*parsed, "state");
  out["logs"] = *logs;
  auto errors = out.find("stacktrace");
  out["errors"] = errors != out.end() && errors->is_array() ? *errors
                                                            : json::array();
  out["parent"] = family->parent_key.empty() ? json{}
                                             : job_at(family->parent_key);
  out["children"] = children_json(*family);
  out["timeline"] = timeline_json(*story);
  return json_response(200, write_json(out));
}

http_response job_routes::explain_job(const http_request& request) {
  auto id = request.param("id");
  std::lock_guard guard{mutex_};
  auto place = queue_.explain(id, wall_clock_ms());
  if (!place)
    return error_response(place.error());
  if (place->empty())
    return error_response(fail(ec::not_found, "there is no job " + id));
  return json_response(200, *place);
}

} // namespace darkroom
