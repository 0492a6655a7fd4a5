#include "actors/settle.hpp"

#include "services/json/json.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom {

int64_t backoff_delay(const job_options& options, uint32_t made,
                      double random) {
  if (options.backoff_ms == -1 && options.backoff != backoff_kind::none)
    return -1;
  double full = 0;
  switch (options.backoff) {
    case backoff_kind::none:
      return 0;
    case backoff_kind::fixed:
      full = static_cast<double>(options.backoff_ms);
      break;
    case backoff_kind::exponential:
      full = std::round(std::pow(2.0, made - 1)
                        * static_cast<double>(options.backoff_ms));
      break;
    case backoff_kind::unknown:
      return -1;
  }
  full = std::min(full, 9e15); // what a double and BullMQ's scores can hold
  if (options.jitter <= 0)
    return static_cast<int64_t>(full);
  auto least = full * (1 - options.jitter);
  return static_cast<int64_t>(
    std::floor(random * full * options.jitter + least));
}

namespace {

void fail_for_good(settlement& out, const job& ran) {
  out.kind = settle_kind::fail;
  out.keep = ran.options.on_fail;
}

void retry_or_fail(settlement& out, const job& ran, double random) {
  auto made = ran.attempts_made + 1;
  if (made >= ran.options.attempts) {
    fail_for_good(out, ran);
    return;
  }
  auto delay = backoff_delay(ran.options, made, random);
  if (delay < 0) {
    out.value += ran.options.backoff == backoff_kind::unknown
                   ? " (not retried: unknown backoff type)"
                   : " (not retried: its backoff is -1)";
    fail_for_good(out, ran);
    return;
  }
  out.lifo = ran.options.lifo;
  out.kind = delay > 0 ? settle_kind::retry_later : settle_kind::retry_now;
  out.delay_ms = delay;
}

/// Whether too many codecs or nodes died while they ran the job.
bool is_poison(settlement& out, const job& ran, const outcome& ended,
               const worker_settings& limits) {
  if (ended.codec_died && ran.codec_deaths + 1 >= limits.max_codec_deaths) {
    out.value += " (not retried: " + std::to_string(ran.codec_deaths + 1)
                 + " codec processes died over this job)";
    return true;
  }
  if (ended.runner_died && ran.lost + 1 >= limits.max_node_deaths) {
    out.value = "given up after " + std::to_string(ran.lost + 1)
                + " processors or nodes died while they ran this job";
    return true;
  }
  return false;
}

} // namespace

outcome superseded(outcome ended) {
  auto value = parse_json(ended.value);
  auto said = value && value->is_object() ? std::move(*value)
                                          : nlohmann::json::object();
  said["superseded"] = true;
  ended.value = write_json(said);
  ended.commit.clear();
  ended.chained.clear();
  return ended;
}

settlement settle(const job& ran, const outcome& ended,
                  const worker_settings& limits, double random) {
  settlement out;
  out.job_id = ran.id;
  out.token = ran.token;
  out.attempt = ran.attempt;
  out.max_attempts = ran.options.attempts;
  out.stack_trace_limit = ran.options.stack_trace_limit;
  out.codec_died = ended.codec_died;
  out.runner_died = ended.runner_died;
  out.value = ended.reason;
  if (is_poison(out, ran, ended, limits)) {
    fail_for_good(out, ran);
    return out;
  }
  switch (ended.kind) {
    case outcome_kind::completed:
      out.kind = settle_kind::complete;
      out.value = ended.value.empty() ? "null" : ended.value;
      out.keep = ran.options.on_complete;
      out.chained = ended.chained;
      break;
    case outcome_kind::failed:
      retry_or_fail(out, ran, random);
      break;
    case outcome_kind::refused:
      fail_for_good(out, ran);
      break;
    case outcome_kind::throttled:
      out.kind = settle_kind::postpone;
      out.delay_ms = std::max<int64_t>(ended.retry_after_ms, 1);
      break;
    case outcome_kind::returned:
      out.kind = settle_kind::give_back;
      break;
  }
  return out;
}

} // namespace darkroom
