#include "nodes/commands/top_source.hpp"

#include "actors/jobs/job_subject.hpp"
#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "nodes/job_json.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/redis/queue_totals.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr uint32_t most_listed = 200; ///< of a list; no screen has more lines
constexpr milliseconds main_patience{1000};

/// What a list tells of a job.
json brief_of(const stored_job& job) {
  auto all = to_json(job);
  json out{{"id", job.id}};
  for (const auto* key :
       {"name", "timestamp", "processedOn", "finishedOn", "attemptsMade",
        "progress", "failedReason", "processedBy"})
    if (all.contains(key))
      out[key] = std::move(all[key]);
  auto image = subject_of(std::string{field_of(job, "data")}).image_id;
  if (!image.empty())
    out["imageId"] = image;
  return out;
}

/// Whether this is an answer of /api/nodes; another program may listen there.
bool has_nodes(const json& all) {
  if (!all.is_object() || !all.contains("nodes") || !all.contains("main"))
    return false;
  const auto& nodes = all["nodes"];
  return nodes.is_array()
         && std::all_of(nodes.begin(), nodes.end(), [](const json& x) {
              return x.is_object()
                     && x.value("concurrency", json(0)).is_number()
                     && x.value("running", json(0)).is_number();
            });
}

} // namespace

std::map<std::string, double> outcomes_in(const std::string& metrics_text) {
  std::map<std::string, double> out;
  std::istringstream lines{metrics_text};
  constexpr std::string_view series = "darkroom_jobs_settled_total{outcome=\"";
  for (std::string line; std::getline(lines, line);) {
    auto end = line.find("\"} ");
    if (line.starts_with(series) && end != std::string::npos)
      out[line.substr(series.size(), end - series.size())]
        = std::strtod(line.c_str() + end + 3, nullptr);
  }
  return out;
}

top_source::top_source(const settings& config, main_nodes mains)
  : config_(config),
    mains_(std::move(mains)),
    queue_(config.redis, config.queue, queue_context_of(config)),
    admin_(config.redis, config.queue) {}

json top_source::look(const top_wish& wish) {
  json out{{"at", wall_clock_ms()},
           {"queue", config_.queue.name},
           {"troubles", json::array()}};
  for (const auto* key : {"counts", "paused", "oldestWaitingMs", "withoutNode",
                          "main", "nodes", "slots", "running", "rates"})
    out[key] = nullptr;
  look_at_queue(out);
  if (out["troubles"].empty())
    look_at_jobs(wish, out);
  look_at_main(out);
  return out;
}

void top_source::look_at_queue(json& out) {
  auto counts = queue_.counts();
  if (!counts) {
    out["troubles"].push_back(counts.error().context);
    return;
  }
  out["counts"] = to_json(*counts);
  out["paused"] = counts->paused;
  auto now = wall_clock_ms();
  if (auto oldest = oldest_waiting(queue_.connection(), queue_.keys());
      oldest && *oldest > 0)
    out["oldestWaitingMs"] = std::max<int64_t>(now - *oldest, 0);
  if (auto aside = queue_.count_aside(now))
    out["withoutNode"] = to_json(*aside);
}

void top_source::look_at_jobs(const top_wish& wish, json& out) {
  if (!wish.job_id.empty()) {
    auto job = admin_.find(wish.job_id);
    out["job"] = job ? to_json(*job) : json{};
    if (!job)
      out["troubles"].push_back(job.error().context);
  }
  if (wish.state.empty())
    return;
  auto listed = queue_.list(wish.state, 0, most_listed);
  if (!listed) {
    out["troubles"].push_back(listed.error().context);
    return;
  }
  auto jobs = json::array();
  for (const auto& x : *listed)
    jobs.push_back(brief_of(x));
  out["jobs"] = {{"state", wish.state}, {"list", std::move(jobs)}};
}

void top_source::look_at_main(json& out) {
  const auto& main = mains_.at();
  auto all = ask_main(main + "/api/nodes", {}, main_patience);
  if (all && !has_nodes(*all))
    all = fail(ec::protocol, main.url
                               + " is no main node: it answers "
                                 "/api/nodes with something else");
  if (!all) {
    out["troubles"].push_back(all.error().context);
    before_.clear();
    mains_.look_again();
    return;
  }
  out["nodes"] = (*all)["nodes"];
  out["main"] = {{"name", text_member((*all)["main"], "name")},
                 {"url", main.url}};
  uint64_t slots = 0;
  uint64_t running = 0;
  for (const auto& x : out["nodes"]) {
    slots += x.value("concurrency", uint64_t{0});
    running += x.value("running", uint64_t{0});
  }
  out["slots"] = slots;
  out["running"] = running;
  json_post request;
  if (auto set = set_address(request, main + "/metrics"); !set) {
    out["troubles"].push_back(set.error().context);
    return;
  }
  request.timeout = main_patience;
  request.advice = no_advice;
  request.bearer = api_token();
  auto text = client_.send(request, nullptr);
  if (text)
    out["rates"] = rates_from(outcomes_in(*text));
  else
    out["troubles"].push_back(text.error().context);
}

json top_source::rates_from(const totals& now) {
  auto at = clock::now();
  std::chrono::duration<double> passed = at - std::exchange(taken_, at);
  auto before = std::exchange(before_, now);
  if (before.empty() || passed.count() <= 0)
    return {};
  json out;
  for (const auto* key : {"completed", "failed", "retried"}) {
    auto is_new = now.count(key) == 0;
    auto more = is_new ? 0 : now.at(key) - before[key];
    out[key] = std::max(more, 0.0) / passed.count();
  }
  return out;
}

} // namespace darkroom
