/// Counters and gauges, as text for Prometheus.
#pragma once

#include <map>
#include <memory>
#include <string>

namespace darkroom {

/// The process's measurements. Thread-safe; a call takes about a microsecond.
/// A series appears with its first value. A name has one kind for good: a use
/// as another kind, or a malformed name, is logged once a call and changes
/// nothing. Names: "darkroom_<what>_<unit>", counters end in "_total".
class metrics {
public:
  using labels = std::map<std::string, std::string>;

  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// Sets the help line of a name; before its first value.
  void describe(const std::string& name, const std::string& help);

  /// Counts up.
  void add(const std::string& name, const labels& where = {}, double by = 1);

  /// Brings a counter that is kept elsewhere up to `total`; never down.
  void add_up_to(const std::string& name, const labels& where, double total);

  /// Takes away all series with this label: what they tell of is gone.
  void forget(const std::string& label, const std::string& value);

  /// Sets a gauge.
  void set(const std::string& name, const labels& where, double value);

  /// Everything in Prometheus' text format 0.0.4.
  std::string text() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// The Content-Type of `metrics::text()`.
inline constexpr auto metrics_content_type
  = "text/plain; version=0.0.4; charset=utf-8";

} // namespace darkroom
