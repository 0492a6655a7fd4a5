/// Sends spans to a collector that speaks OTLP/HTTP with JSON.
#pragma once

#include "config/settings.hpp"
#include "services/http_client/http_client.hpp"
#include "services/metrics/metrics.hpp"
#include "services/trace/span_json.hpp"
#include "services/trace/tracer.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace darkroom {

/// Has a thread of its own, so that nobody waits for the collector. At most
/// `[trace] max_spans` spans wait, those of a batch under way included; more
/// are dropped.
class span_exporter final : public tracer {
public:
  /// @param settings with an endpoint
  /// @param counted may be null
  span_exporter(const trace_settings& settings, trace_resource from,
                metrics_ptr counted);
  ~span_exporter() override;

  void add(span ended) override;

  void finish() override;

private:
  using milliseconds = std::chrono::milliseconds;

  /// What became of one request.
  struct sent {
    bool is_final = true;  ///< asking again would not help
    milliseconds wait{0};  ///< before the next request, if the collector says
    uint64_t rejected = 0; ///< spans of the batch
    std::string problem;   ///< empty: it worked
  };

  void run();
  std::vector<span> next_batch();
  void deliver(const std::vector<span>& batch);
  sent post(const std::string& body);
  bool pause(milliseconds length);
  void tell(const std::string& problem);
  void drop(size_t spans);

  const trace_settings settings_;
  const std::string url_;
  const std::vector<std::string> headers_; ///< "Name: value"
  const trace_resource from_;
  metrics_ptr counted_;
  http_client client_;

  std::mutex mutex_;
  std::condition_variable wake_; ///< a batch is full, or the end has come
  std::vector<span> waiting_;
  size_t under_way_ = 0; ///< spans of the batch that is being sent
  bool is_ending_ = false;
  bool has_ended_ = false;
  std::atomic<bool> is_cut_short_ = false; ///< ends the request under way
  bool has_failed_ = false; ///< the last request; only the thread uses it

  std::thread thread_; ///< last: it uses all of the above
};

/// The endpoint's URL for spans: "http://host:4318/v1/traces".
std::string traces_url(const std::string& endpoint);

/// "name=value", its value percent-encoded as in OTEL_EXPORTER_OTLP_HEADERS,
/// as a header.
std::string export_header(const std::string& setting);

} // namespace darkroom
