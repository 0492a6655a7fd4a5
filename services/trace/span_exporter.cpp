#include "services/trace/span_exporter.hpp"

#include "config/clock.hpp"
#include "services/http/message.hpp"
#include "services/process/guarded_thread.hpp"
#include "services/text/one_line.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr size_t most_at_once = 512;      // as OpenTelemetry's SDKs send
constexpr milliseconds post_limit{10000}; // the same
constexpr milliseconds first_pause{1000}; // doubles …
constexpr milliseconds longest_pause{30000};
constexpr milliseconds longest_ordered_wait{
  300000};                                // that a collector may ask for
constexpr milliseconds last_words{2000};  // after that, the end does not wait
constexpr size_t most_quoted_words = 300; // of a collector, in the log

/// Answers after which OTLP has a client try again.
bool is_passing(long status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::vector<std::string> headers_of(const trace_settings& settings) {
  std::vector<std::string> out;
  for (const auto& x : settings.headers)
    out.push_back(export_header(x));
  return out;
}

} // namespace

std::string traces_url(const std::string& endpoint) {
  constexpr std::string_view path = "/v1/traces";
  auto url = endpoint.substr(0, endpoint.find_last_not_of('/') + 1);
  return url.ends_with(path) ? url : url + std::string{path};
}

std::string export_header(const std::string& setting) {
  auto equals = setting.find('=');
  auto value = setting.substr(std::min(equals, setting.size() - 1) + 1);
  return setting.substr(0, equals) + ": "
         + one_line(percent_decode(value).value_or(value), value.size());
}

span_exporter::span_exporter(const trace_settings& settings,
                             trace_resource from, metrics_ptr counted)
  : tracer(settings.sample),
    settings_(settings),
    url_(traces_url(settings.endpoint)),
    headers_(headers_of(settings)),
    from_(std::move(from)),
    counted_(std::move(counted)),
    thread_(guarded_thread("the exporter of spans", [this] { run(); })) {}

span_exporter::~span_exporter() {
  finish();
}

void span_exporter::add(span ended) {
  {
    std::lock_guard guard{mutex_};
    if (!is_ending_ && waiting_.size() + under_way_ < settings_.max_spans) {
      waiting_.push_back(std::move(ended));
      if (waiting_.size() == most_at_once)
        wake_.notify_all();
      return;
    }
  }
  drop(1);
}

void span_exporter::finish() {
  {
    std::unique_lock lock{mutex_};
    is_ending_ = true;
    wake_.notify_all();
    wake_.wait_for(lock, last_words, [this] { return has_ended_; });
  }
  is_cut_short_ = true;
  if (thread_.joinable())
    thread_.join();
}

void span_exporter::run() {
  for (auto batch = next_batch(); !batch.empty(); batch = next_batch())
    deliver(batch);
  std::lock_guard guard{mutex_};
  has_ended_ = true;
  wake_.notify_all();
}

/// @returns none once the end has come and nothing waits
std::vector<span> span_exporter::next_batch() {
  std::unique_lock lock{mutex_};
  under_way_ = 0;
  do
    wake_.wait_for(lock, settings_.flush_interval, [this] {
      return is_ending_ || waiting_.size() >= most_at_once;
    });
  while (waiting_.empty() && !is_ending_);
  under_way_ = std::min(waiting_.size(), most_at_once);
  auto end = waiting_.begin() + static_cast<ptrdiff_t>(under_way_);
  std::vector<span> out{std::make_move_iterator(waiting_.begin()),
                        std::make_move_iterator(end)};
  waiting_.erase(waiting_.begin(), end);
  return out;
}

void span_exporter::deliver(const std::vector<span>& batch) {
  auto body = spans_json(from_, batch);
  auto next = first_pause;
  for (auto goes_on = true;;) {
    auto done = post(body);
    tell(done.problem);
    if (done.is_final) {
      auto rejected = std::min<size_t>(done.rejected, batch.size());
      count(counted_, counter::trace_spans_exported, {},
            static_cast<double>(batch.size() - rejected));
      return drop(rejected);
    }
    if (!goes_on)
      return drop(batch.size());
    goes_on = pause(done.wait.count() > 0 ? done.wait : next);
    next = std::min(2 * next, longest_pause);
  }
}

span_exporter::sent span_exporter::post(const std::string& body) {
  json_post request{url_, body, {}, post_limit};
  request.headers = headers_;
  auto answer = client_.exchange(request, &is_cut_short_);
  if (!answer)
    return {answer.error().code == ec::bad_config,
            {},
            UINT64_MAX,
            answer.error().context};
  if (answer->status >= 200 && answer->status < 300) {
    auto part = read_export_answer(answer->body);
    return {true,
            {},
            part.rejected,
            part.rejected > 0
              ? shown_url(url_) + " rejected " + std::to_string(part.rejected)
                  + " of them: " + part.why
              : ""};
  }
  if (answer->status == 0)
    return {false, milliseconds{1}, 0, shown_url(url_) + " hung up"};
  auto wait = parse_retry_after(answer->header("retry-after"), wall_clock_ms());
  return {!is_passing(answer->status),
          std::min(milliseconds{wait}, longest_ordered_wait), UINT64_MAX,
          shown_url(url_) + " answered " + std::to_string(answer->status) + ' '
            + one_line(answer->body, most_quoted_words)};
}

/// @returns false once the end has come: then there is one more try
bool span_exporter::pause(milliseconds length) {
  std::unique_lock lock{mutex_};
  return !wake_.wait_for(lock, length, [this] { return is_ending_; });
}

/// Tells of the first failure, and of the first success after it.
void span_exporter::tell(const std::string& problem) {
  auto fails = !problem.empty();
  if (std::exchange(has_failed_, fails) == fails)
    return;
  if (fails)
    spdlog::warn("spans are not exported: {}", problem);
  else
    spdlog::info("spans are exported again");
}

void span_exporter::drop(size_t spans) {
  if (spans > 0)
    count(counted_, counter::trace_spans_dropped, {},
          static_cast<double>(spans));
}

} // namespace darkroom
