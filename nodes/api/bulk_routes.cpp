#include "nodes/api/bulk_routes.hpp"

#include "nodes/api/job_filter_query.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/redis/job_walk.hpp"

#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t most_bulk = 10000;        // of one request: some seconds
constexpr uint64_t most_bulk_read = 100000; // looked at for one request
constexpr uint32_t bulk_page = 500;
constexpr size_t most_refused = 20; // reasons that an answer tells

struct bulk_order {
  std::string action;
  bool is_fresh = false; ///< retried jobs get all their attempts
  walk_request which;
  std::vector<std::string> ids; ///< instead of `which`
  uint64_t limit = 0;
};

/// The ids of the jobs that fit.
struct chosen_jobs {
  std::vector<std::string> ids;
  bool more = false; ///< there are, or may be, others
};

bulk_order read_request(json_body& body) {
  bulk_order out;
  out.action = body.word("action", "",
                         {"retry", "promote", "remove", "cancel"});
  out.is_fresh = body.word("attempts", "left", {"left", "all"}) == "all";
  out.limit = static_cast<uint64_t>(body.number("limit", 1000, 1, most_bulk));
  out.ids = body.texts("ids", most_bulk);
  out.which.state = body.word("state", "", walked_states());
  out.which.filter = read_job_filter(body);
  body.require("action");
  if (out.ids.empty())
    body.require("state");
  else if (!out.which.state.empty() || out.which.filter.has_text())
    body.refuse("ids", "taken together with a state or a filter");
  return out;
}

/// Finds all before the first is changed, as a change moves the others.
result<chosen_jobs> choose(job_queue& queue, bulk_order& what) {
  chosen_jobs out;
  if (!what.ids.empty()) {
    out.ids = std::move(what.ids);
    out.more = out.ids.size() > what.limit;
    out.ids.resize(std::min<size_t>(out.ids.size(), what.limit));
    return out;
  }
  for (uint64_t read = 0; out.ids.size() < what.limit;) {
    what.which.limit = static_cast<uint32_t>(
      std::min<uint64_t>(bulk_page, what.limit - out.ids.size()));
    auto page = walk_jobs(queue, what.which);
    if (!page)
      return std::move(page.error());
    for (auto& job : page->jobs)
      out.ids.push_back(std::move(job.id));
    what.which.cursor = page->next;
    read += page->read;
    out.more = !page->next.empty();
    if (!out.more || read >= most_bulk_read)
      break;
  }
  return out;
}

status act(job_changes& changes, const bulk_order& what,
           const std::string& id) {
  if (what.action == "retry")
    return changes.retry(id, what.is_fresh);
  if (what.action == "promote")
    return changes.promote(id);
  if (what.action == "remove")
    return changes.remove(id);
  auto done = changes.cancel(id);
  if (!done)
    return std::move(done.error());
  return *done ? status{ok} : changes.stop(id);
}

/// Whether no other job could be changed either.
bool ends_all(ec code) {
  return code != ec::not_found && code != ec::conflict;
}

} // namespace

bulk_routes::bulk_routes(node_context& node, catalog_reader& reader)
  : queue_(node.config.redis, node.config.queue, node.queue),
    changes_(node, reader) {}

void bulk_routes::add_to(http_server& server) {
  server.route("POST", "/api/jobs/bulk",
               without_query([this](const http_request& request) {
                 return act_on_many(request);
               }),
               http_lane::redis);
}

http_response bulk_routes::act_on_many(const http_request& request) {
  json_body body{request};
  auto what = read_request(body);
  if (auto refusal = body.refusal())
    return *refusal;
  std::lock_guard guard{mutex_};
  auto chosen = choose(queue_, what);
  if (!chosen)
    return error_response(chosen.error());
  uint64_t done = 0;
  auto refused = json::array();
  for (const auto& id : chosen->ids) {
    auto acted = act(changes_, what, id);
    if (acted) {
      ++done;
      continue;
    }
    const auto& why = acted.error();
    if (ends_all(why.code))
      return error_response(why, std::to_string(done) + " of "
                                   + std::to_string(chosen->ids.size())
                                   + " jobs were changed: ask again for the "
                                     "rest");
    if (refused.size() < most_refused)
      refused.push_back({{"id", id}, {"reason", why.context}});
  }
  return json_response(200, write_json({{"action", what.action},
                                        {"matched", chosen->ids.size()},
                                        {"done", done},
                                        {"refused", std::move(refused)},
                                        {"more", chosen->more}}));
}

} // namespace darkroom
