/// All checks are in one file, so that they can be read together.
#include "actors/validate.hpp"

#include "services/storage/names.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

namespace darkroom {

namespace {

constexpr size_t max_name_bytes = 256;  // a host name has at most 253
constexpr size_t max_line_bytes = 4096; // a text for the log
constexpr size_t max_path_bytes = 1024;
constexpr size_t max_value_bytes = 1 << 29; // the most that Redis can hold
constexpr uint32_t max_slots = 10000;       // limit of [worker] concurrency
constexpr size_t max_list = 20000;          // jobs or outcomes per node
constexpr size_t max_chained = 1000;
constexpr size_t max_children = 1000;
constexpr size_t max_words = 1000; // labels, or job types
constexpr size_t max_traits = 100;
constexpr size_t max_variants = 6;
constexpr size_t max_floats = 65536; // limit of [embedding] dimensions
constexpr int64_t max_ms = 9'000'000'000'000'000; // exact in a double
constexpr int64_t max_grace_ms = 3'600'000; // limit of [worker] cancel_grace
constexpr int64_t max_cut_ms = 600'000; // a longer cut is an outage, not a test

/// The first problem of a message.
class problem {
public:
  problem& require(bool holds, const char* what) {
    if (!holds && text_.empty())
      text_ = what;
    return *this;
  }

  /// Takes over the problem of a member, named `part`.
  problem& require(const std::string& of_part, const char* part) {
    if (!of_part.empty() && text_.empty())
      text_ = std::string{part} + ": " + of_part;
    return *this;
  }

  const std::string& text() const {
    return text_;
  }

private:
  std::string text_;
};

/// Whether a text may be part of a line of the log.
bool is_printable(const std::string& x, size_t most = max_name_bytes) {
  return x.size() <= most
         && std::all_of(x.begin(), x.end(),
                        [](unsigned char c) { return c >= ' ' && c != 0x7f; });
}

bool are_words(const std::vector<std::string>& list) {
  return list.size() <= max_words
         && std::all_of(list.begin(), list.end(),
                        [](const auto& x) { return is_printable(x); });
}

bool are_traits(const std::vector<node_trait>& list) {
  return list.size() <= max_traits
         && std::all_of(list.begin(), list.end(), [](const auto& x) {
              return is_name(x.what) && is_printable(x.value)
                     && is_printable(x.where, max_path_bytes);
            });
}

bool fits(const std::string& x) {
  return x.size() <= max_value_bytes;
}

bool is_span(int64_t ms) {
  return ms >= 0 && ms <= max_ms;
}

bool is_time(int64_t ms) {
  return ms >= -max_ms && ms <= max_ms;
}

bool is_known(backoff_kind kind) {
  return kind <= backoff_kind::unknown;
}

bool is_known(outcome_kind kind) {
  return kind <= outcome_kind::returned;
}

bool is_kept(const retention& x) {
  return is_time(x.count) && is_time(x.age_s) && is_time(x.limit);
}

std::string validate(const job_options& options) {
  return problem{}
    .require(is_known(options.backoff), "unknown backoff kind")
    .require(options.backoff_ms == -1 || is_span(options.backoff_ms),
             "backoff_ms is out of range")
    .require(options.jitter >= 0 && options.jitter <= 1,
             "jitter is not within 0 and 1")
    .require(is_kept(options.on_complete) && is_kept(options.on_fail),
             "a retention is out of range")
    .text();
}

std::string validate(const new_job& added) {
  return problem{}
    .require(!added.name.empty() && fits(added.name),
             "name is empty or too long")
    .require(fits(added.data) && fits(added.options) && fits(added.id),
             "data, options or id is too long")
    .require(is_span(added.delay_ms), "delay_ms is out of range")
    .text();
}

/// The catalog checks that the rows belong to their part.
std::string validate(const image_commit& rows) {
  problem out;
  auto part = "part " + std::to_string(static_cast<int>(rows.part))
              + " of an image is unknown";
  out.require(is_known(rows.part), part.c_str())
    .require(fits(rows.image_id) && fits(rows.file_path),
             "image_id or file_path is too long")
    .require(rows.metadata.size() <= 1 && rows.embedding.size() <= 1
               && rows.variants.size() <= max_variants,
             "there are too many rows")
    .require(rows.files.size() <= max_variants, "there are too many files")
    .require(fits(rows.value), "value is too long");
  for (const auto& x : rows.files)
    out.require(is_staged(x.staged), "staged is not the name of a staged file");
  for (const auto& x : rows.embedding)
    out
      .require(!x.vector.empty() && x.vector.size() <= max_floats,
               "vector has too few or too many floats")
      .require(std::all_of(x.vector.begin(), x.vector.end(),
                           [](float y) { return std::isfinite(y); }),
               "vector holds a value that is not a number");
  return out.text();
}

} // namespace

bool is_name(const std::string& text) {
  return !text.empty() && is_printable(text);
}

std::string validate(const node_hello& hello) {
  return problem{}
    .require(is_name(hello.name), "name is empty, too long or unprintable")
    .require(is_name(hello.boot_id),
             "boot_id is empty, too long or unprintable")
    .require(hello.concurrency <= max_slots, "concurrency is out of range")
    .require(is_printable(hello.version), "version is too long or unprintable")
    .require(are_words(hello.labels), "labels are too many or unprintable")
    .require(are_words(hello.job_types),
             "job_types are too many or unprintable")
    .require(is_printable(hello.machine) && is_printable(hello.started)
               && hello.pid >= 0,
             "machine, start or pid of its process is invalid")
    .require(are_traits(hello.traits), "traits are too many or unprintable")
    .text();
}

std::string validate(const node_welcome& welcome) {
  return problem{}
    .require(is_printable(welcome.refusal, max_line_bytes),
             "refusal is too long or unprintable")
    .require(is_name(welcome.boot_id),
             "boot_id is empty, too long or unprintable")
    .text();
}

std::string validate(const node_order& order) {
  return problem{}
    .require(is_name(order.name), "name is empty, too long or unprintable")
    .require(is_printable(order.id), "id is too long or unprintable")
    .text();
}

std::string validate(const job& work) {
  return problem{}
    .require(!work.id.empty() && fits(work.id), "id is empty or too long")
    .require(is_name(work.token), "token is empty, too long or unprintable")
    .require(fits(work.name) && fits(work.data) && fits(work.deferred_failure),
             "name, data or deferred_failure is too long")
    .require(is_time(work.timestamp), "timestamp is out of range")
    .require(validate(work.options), "options")
    .text();
}

std::string validate(const pool_hello& hello) {
  problem out;
  out.require(is_name(hello.node), "node is empty, too long or unprintable")
    .require(hello.slots <= max_slots, "slots is out of range")
    .require(hello.running.size() <= max_list, "too many jobs run")
    .require(are_words(hello.job_types),
             "job_types are too many or unprintable");
  for (const auto& x : hello.running)
    out.require(validate(x), "a running job");
  return out.text();
}

std::string validate(const job_update& update) {
  return problem{}
    .require(!update.job_id.empty() && fits(update.job_id),
             "job_id is empty or too long")
    .require(is_name(update.token), "token is empty, too long or unprintable")
    .require(fits(update.value), "value is too long")
    .text();
}

std::string validate(const outcome& ended) {
  problem out;
  out
    .require(!ended.job_id.empty() && fits(ended.job_id),
             "job_id is empty or too long")
    .require(is_name(ended.token), "token is empty, too long or unprintable")
    .require(is_known(ended.kind), "unknown outcome kind")
    .require(fits(ended.value) && fits(ended.reason),
             "value or reason is too long")
    .require(is_span(ended.retry_after_ms), "retry_after_ms is out of range")
    .require(ended.chained.size() <= max_chained, "too many jobs are chained")
    .require(ended.commit.size() <= 1, "there is more than one commit")
    .require(ended.updates.size() <= max_list, "there are too many updates");
  for (const auto& x : ended.chained)
    out.require(validate(x), "a chained job");
  for (const auto& x : ended.commit)
    out.require(validate(x), "commit");
  for (const auto& x : ended.updates)
    out.require(validate(x), "an update");
  return out.text();
}

std::string validate(const job_batch& batch) {
  return problem{}
    .require(batch.jobs.size() <= max_list, "there are too many jobs")
    .require(batch.settled.size() <= max_list, "too many outcomes are settled")
    .text();
}

std::string validate(const outcome_batch& batch) {
  return problem{}
    .require(batch.outcomes.size() <= max_list, "there are too many outcomes")
    .text();
}

std::string validate(const update_batch& batch) {
  return problem{}
    .require(batch.updates.size() <= max_list, "there are too many updates")
    .text();
}

std::string validate(const call_request& call) {
  return problem{}
    .require(!call.job_id.empty() && fits(call.job_id),
             "job_id is empty or too long")
    .require(is_name(call.token), "token is empty, too long or unprintable")
    .text();
}

std::string validate(const cancel_runs& wanted) {
  return problem{}
    .require(wanted.grace_ms >= 0 && wanted.grace_ms <= max_grace_ms,
             "grace_ms is out of range")
    .require(wanted.runs.size() <= max_list, "there are too many runs")
    .text();
}

std::string validate(const node_report& report) {
  problem out;
  out.require(is_name(report.name), "name is empty, too long or unprintable")
    .require(report.pool.slots <= max_slots, "slots is out of range")
    .require(is_printable(report.pool.order), "order is unprintable")
    .require(report.pool.processors.size() <= max_slots,
             "there are too many processors")
    .require(is_printable(report.actors.strategy), "strategy is unprintable")
    .require(report.actors.children.size() <= max_children,
             "there are too many actors")
    .require(std::isfinite(report.load) && report.load >= 0,
             "load is not a number")
    .require(is_time(report.clock), "clock is out of range");
  for (const auto& x : report.pool.processors)
    out.require(fits(x.job_id), "a processor's job_id is too long")
      .require(is_span(x.busy_ms), "a processor's busy_ms is out of range");
  for (const auto& x : report.actors.children)
    out.require(is_name(x.name), "an actor's name is unprintable")
      .require(is_span(x.age_ms) && is_span(x.lag_ms),
               "an actor's age or lag is out of range");
  return out.text();
}

std::string validate(const chaos_order& order) {
  auto is_cut = order.action == chaos_action::cut;
  auto is_target = order.actor == "processor_pool" || order.actor == "uplink"
                   || order.actor == "processor";
  return problem{}
    .require(is_name(order.name), "name is empty, too long or unprintable")
    .require(order.action <= chaos_action::cut, "unknown action")
    .require(is_cut ? order.actor.empty() : is_target,
             "actor is not one of processor_pool, uplink, processor")
    .require(is_cut ? order.duration_ms > 0 && order.duration_ms <= max_cut_ms
                    : order.duration_ms == 0,
             "duration_ms is out of range")
    .text();
}

bool is_dropped(const std::string& problem, const char* what,
                const caf::actor_addr& sender) {
  if (!problem.empty())
    spdlog::warn("{} from {}: {}", what, caf::to_string(sender), problem);
  return !problem.empty();
}

outcome invalid_outcome(const std::string& job_id, const std::string& token,
                        const std::string& problem) {
  outcome out;
  out.job_id = job_id;
  out.token = token;
  out.kind = outcome_kind::refused;
  out.reason = "what came from the other node is not valid: " + problem;
  return out;
}

} // namespace darkroom
