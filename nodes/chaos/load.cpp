#include "nodes/chaos/load.hpp"

#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "services/json/json.hpp"
#include "services/process/guarded_thread.hpp"
#include "services/redis/server_facts.hpp"
#include "services/redis/subscription.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>

namespace darkroom {

namespace {

using nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds event_wait{200};
constexpr int64_t sleep_ms = 200;    // long enough to be hit while it runs
constexpr int64_t kept_for_s = 3600; // after they ended, for `judge`
constexpr size_t jobs_a_look = 500;

/// Three attempts, so that a burned one is counted but does not end the job.
std::string options_text() {
  auto keep = json{{"age", kept_for_s}};
  return write_json({{"attempts", 3},
                     {"backoff", {{"type", "fixed"}, {"delay", 100}}},
                     {"removeOnComplete", keep},
                     {"removeOnFail", keep}});
}

/// How many jobs must have been added by then. The first one is added at once.
uint64_t due_after(const load_options& load, std::chrono::milliseconds passed) {
  auto share = load.jobs * static_cast<uint64_t>(passed.count())
               / static_cast<uint64_t>(load.duration.count());
  return std::min(load.jobs, 1 + share);
}

job_facts facts_of(const redisReply& hash) {
  job_facts out;
  out.is_there = hash.element[0]->type != REDIS_REPLY_NIL;
  out.has_ended = hash.element[1]->type != REDIS_REPLY_NIL;
  out.attempts_made = static_cast<uint32_t>(number_of(*hash.element[2]));
  return out;
}

} // namespace

chaos_load::chaos_load(const settings& config, load_options options)
  : config_(config),
    options_(std::move(options)),
    log_(config.redis, config.queue),
    looker_(config.redis, config.queue) {}

chaos_load::~chaos_load() {
  adding_ = false;
  ends_ = true;
  ending_.raise();
  for (auto& x : threads_)
    x.join();
}

status chaos_load::start() {
  auto facts = ask_redis_facts(config_.redis, wall_clock_ms);
  if (!facts)
    return std::move(facts.error());
  clock_ahead_ = facts->clock_ahead;
  auto opened = log_.open();
  if (!opened)
    return opened;
  threads_.push_back(
    guarded_thread("chaos's event reader", [this] { read_events(); }));
  threads_.push_back(
    guarded_thread("chaos's listener", [this] { hear_places(); }));
  threads_.push_back(guarded_thread("chaos's adder", [this] { add_all(); }));
  return ok;
}

void chaos_load::stop_adding() {
  adding_ = false;
}

int64_t chaos_load::redis_now() const {
  return wall_clock_ms() + clock_ahead_;
}

void chaos_load::acted(const plan_step& step) {
  std::lock_guard guard{mutex_};
  account_.acted(step, redis_now());
}

// -- adding -------------------------------------------------------------------

new_job chaos_load::job_of(uint64_t number) const {
  new_job out;
  out.id = options_.run + "-" + std::to_string(number);
  out.options = options_text();
  if (options_.picture.empty()) {
    out.name = "sleep";
    out.data = write_json({{"ms", sleep_ms}, {"chaos", options_.run}});
  } else {
    out.name = "generate-variants";
    out.data = write_json({{"imageId", out.id},
                           {"filePath", options_.picture},
                           {"chaos", options_.run}});
  }
  return out;
}

bool chaos_load::add_batch(job_queue& queue, uint64_t first, uint64_t count) {
  std::vector<new_job> jobs;
  for (uint64_t i = 0; i < count; ++i)
    jobs.push_back(job_of(first + i));
  auto ids = queue.add(jobs, wall_clock_ms());
  if (!ids)
    return false; // try again: Redis adds an id only once
  std::lock_guard guard{mutex_};
  for (const auto& id : *ids)
    account_.added(id);
  return true;
}

void chaos_load::add_all() {
  job_queue queue{config_.redis, config_.queue};
  auto begin = steady::now();
  uint64_t added = 0;
  while (adding_ && added < options_.jobs) {
    auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
      steady::now() - begin);
    auto count = std::min<uint64_t>(due_after(options_, passed) - added,
                                    max_batch);
    if (count > 0 && add_batch(queue, added, count))
      added += count;
    else
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

// -- reading ------------------------------------------------------------------

void chaos_load::read_events() {
  while (!ends_) {
    auto events = log_.next(event_wait, ending_);
    if (!events) {
      std::this_thread::sleep_for(retry_interval);
      continue;
    }
    std::lock_guard guard{mutex_};
    for (const auto& x : *events)
      if (x.job_id.starts_with(options_.run))
        account_.enter(x);
    if (events->size() < event_log::most_entries)
      ++reads_;
  }
}

void chaos_load::hear_places() {
  subscription events{config_.redis, config_.events.channel};
  while (!ends_) {
    auto text = events.next(event_wait, ending_);
    if (!text) {
      std::this_thread::sleep_for(retry_interval);
      continue;
    }
    auto event = parse_json(*text); // an empty text means no message
    if (!event || text_member(*event, "type") != "job-active")
      continue;
    auto id = text_member(*event, "jobId");
    if (!id.starts_with(options_.run))
      continue;
    std::lock_guard guard{mutex_};
    account_.runs_on(id, text_member(*event, "node"));
  }
}

// -- judging ------------------------------------------------------------------

status chaos_load::look_at(const std::vector<std::string>& ids) {
  for (size_t from = 0; from < ids.size(); from += jobs_a_look) {
    auto count = std::min(jobs_a_look, ids.size() - from);
    std::vector<std::string> keys;
    keys.reserve(count);
    for (size_t i = 0; i < count; ++i)
      keys.push_back(looker_.keys().job(ids[from + i]));
    std::vector<redis_command> commands;
    commands.reserve(count);
    for (const auto& key : keys)
      commands.push_back({"HMGET", key, "timestamp", "finishedOn", "atm"});
    auto replies = looker_.connection().pipeline(commands);
    if (!replies)
      return std::move(replies.error());
    std::lock_guard guard{mutex_};
    for (size_t i = 0; i < count; ++i)
      if (const auto& reply = (*replies)[i]; reply && reply->elements == 3)
        account_.looked(ids[from + i], facts_of(*reply));
  }
  return ok;
}

result<size_t> chaos_load::count_open() {
  std::vector<std::string> ids;
  {
    std::lock_guard guard{mutex_};
    ids = account_.open();
  }
  if (auto looked = look_at(ids); !looked)
    return std::move(looked.error());
  std::lock_guard guard{mutex_};
  return account_.open().size();
}

result<chaos_verdict> chaos_load::judge() {
  std::vector<std::string> ids;
  {
    std::lock_guard guard{mutex_};
    ids = account_.all();
  }
  if (auto looked = look_at(ids); !looked)
    return std::move(looked.error());
  // The stream already holds what the hashes say.
  auto seen = reads_.load();
  auto end = steady::now() + std::chrono::seconds{10};
  while (reads_ < seen + 2 && steady::now() < end)
    std::this_thread::sleep_for(event_wait / 4);
  std::lock_guard guard{mutex_};
  return account_.judge();
}

} // namespace darkroom
