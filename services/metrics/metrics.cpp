#include "services/metrics/metrics.hpp"

#include "services/text/printable.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <mutex>
#include <set>
#include <utility>

namespace darkroom {

struct metrics::parts {
  /// Finds or makes the series of a metric with these labels; null if
  /// prometheus-cpp refuses a label.
  template <class Series, class Builder, class... Options>
  Series* find(Builder builder, const metric_info& about, const labels& where,
               const Options&... options) {
    try {
      auto help = std::string{about.help} + " Unit: " + about.unit + ".";
      auto& family = builder.Name(about.name).Help(help).Register(registry);
      auto* series = &family.Add(where, options...);
      removers[{about.name, where}] = [&family, series] {
        family.Remove(series);
      };
      return series;
    } catch (const std::exception& refused) {
      spdlog::error("metrics refused {}: {}", about.name, refused.what());
      return nullptr;
    }
  }

  prometheus::Counter* find(counter which, const labels& where) {
    return find<prometheus::Counter>(prometheus::BuildCounter(), info_of(which),
                                     where);
  }

  prometheus::Gauge* find(gauge which, const labels& where) {
    return find<prometheus::Gauge>(prometheus::BuildGauge(), info_of(which),
                                   where);
  }

  prometheus::Histogram* find(histogram which, const labels& where) {
    return find<prometheus::Histogram>(
      prometheus::BuildHistogram(), info_of(which), where, buckets_of(which));
  }

  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, std::set<std::string>> known; ///< see `bounded`
  /// One per series. Families live as long as the registry.
  std::map<std::pair<std::string, labels>, std::function<void()>> removers;
};

metrics::metrics() : parts_(std::make_unique<parts>()) {
  for (auto i = 0; i < static_cast<int>(counter::count_); ++i)
    if (auto which = static_cast<counter>(i); *info_of(which).labels == '\0')
      add(which, {}, 0);
}

metrics::~metrics() = default;

void metrics::forget(const std::string& label, const std::string& value) {
  std::lock_guard guard{parts_->mutex};
  std::erase_if(parts_->removers, [&](const auto& x) {
    auto found = x.first.second.find(label);
    if (found == x.first.second.end() || found->second != value)
      return false;
    x.second();
    return true;
  });
}

void metrics::add(counter which, const labels& where, double by) {
  std::lock_guard guard{parts_->mutex};
  if (auto* series = parts_->find(which, where))
    series->Increment(by);
}

double metrics::value(counter which, const labels& where) const {
  std::lock_guard guard{parts_->mutex};
  auto* series = parts_->find(which, where);
  return series != nullptr ? series->Value() : 0;
}

void metrics::observe(histogram which, const labels& where, double value) {
  std::lock_guard guard{parts_->mutex};
  if (auto* series = parts_->find(which, where))
    series->Observe(value);
}

void metrics::add_up_to(counter which, const labels& where, double total) {
  std::lock_guard guard{parts_->mutex};
  auto* series = parts_->find(which, where);
  if (series && total > series->Value())
    series->Increment(total - series->Value());
}

void metrics::copy(counter which, const labels& where, double total) {
  std::lock_guard guard{parts_->mutex};
  auto* series = parts_->find(which, where);
  if (series && total < series->Value()) {
    parts_->removers[{info_of(which).name, where}]();
    series = parts_->find(which, where);
  }
  if (series)
    series->Increment(total - series->Value());
}

std::string metrics::bounded(const std::string& label, std::string_view value) {
  constexpr size_t longest = 100; // bytes
  auto shown = printable(value, longest);
  std::lock_guard guard{parts_->mutex};
  auto& known = parts_->known[label];
  if (known.count(shown) == 0 && known.size() >= most_values)
    return "other";
  known.insert(shown);
  return shown;
}

void metrics::set(gauge which, const labels& where, double value) {
  std::lock_guard guard{parts_->mutex};
  if (auto* series = parts_->find(which, where))
    series->Set(value);
}

std::string metrics::text() const {
  auto all = [this] {
    std::lock_guard guard{parts_->mutex};
    return parts_->registry.Collect();
  }();
  return prometheus::TextSerializer{}.Serialize(all);
}

void count(const metrics_ptr& into, counter which, const metrics::labels& where,
           double by) {
  if (into)
    into->add(which, where, by);
}

void observe(const metrics_ptr& into, histogram which,
             const metrics::labels& where, double value) {
  if (into)
    into->observe(which, where, value);
}

} // namespace darkroom
