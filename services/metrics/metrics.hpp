/// The counters and gauges of one process, as text for Prometheus.
#pragma once

#include "services/metrics/metric.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

/// Thread-safe. A call takes about a microsecond, so actors may call it
/// directly. A counter without labels is shown as 0 from the start on; every
/// other series appears with its first value.
class metrics {
public:
  using labels = std::map<std::string, std::string>;

  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// Counts up. @param where a value for each label of the counter
  void add(counter which, const labels& where = {}, double by = 1);

  /// Raises a counter that is kept elsewhere to `total`; never lowers it.
  void add_up_to(counter which, const labels& where, double total);

  /// Shows a counter that is kept elsewhere and may begin again.
  void copy(counter which, const labels& where, double total);

  /// What a counter has come to.
  double value(counter which, const labels& where) const;

  /// Adds a measure to a histogram.
  void observe(histogram which, const labels& where, double value);

  void set(gauge which, const labels& where, double value);

  /// Removes all series with this label, once the thing that they describe is
  /// gone.
  void forget(const std::string& label, const std::string& value);

  /// The value of a label that strangers choose, such as the name of a job:
  /// printable and short. Only the first `most_values` of each label are told
  /// apart; all others are "other".
  std::string bounded(const std::string& label, std::string_view value);

  static constexpr size_t most_values = 50;

  /// Everything in Prometheus' text format 0.0.4.
  std::string text() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// Shared by the actors of a process and its `GET /metrics`; null if nobody
/// reads them.
using metrics_ptr = std::shared_ptr<metrics>;

/// Counts if there is a registry.
void count(const metrics_ptr& into, counter which,
           const metrics::labels& where = {}, double by = 1);

void observe(const metrics_ptr& into, histogram which,
             const metrics::labels& where, double value);

/// The Content-Type of `metrics::text()`.
inline constexpr auto metrics_content_type
  = "text/plain; version=0.0.4; charset=utf-8";

} // namespace darkroom
