#include "services/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <mutex>
#include <utility>

namespace darkroom {

struct metrics::parts {
  /// The series of a name and labels, made if new; null if prometheus-cpp
  /// refuses the name or the kind.
  template <class Series, class Builder>
  Series* find(Builder builder, const std::string& name, const labels& where) {
    try {
      auto about = help.find(name);
      auto& family = builder.Name(name)
                       .Help(about == help.end() ? name : about->second)
                       .Register(registry);
      auto* series = &family.Add(where);
      removers[{name, where}] = [&family, series] {
        family.Remove(series);
      };
      return series;
    } catch (const std::exception& refused) {
      spdlog::error("metrics refused {}: {}", name, refused.what());
      return nullptr;
    }
  }

  prometheus::Counter* counter(const std::string& name, const labels& where) {
    return find<prometheus::Counter>(prometheus::BuildCounter(), name, where);
  }

  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, std::string> help;
  /// One a series. Families live as long as the registry.
  std::map<std::pair<std::string, labels>, std::function<void()>> removers;
};

metrics::metrics() : parts_(std::make_unique<parts>()) {}

metrics::~metrics() = default;

void metrics::describe(const std::string& name, const std::string& help) {
  std::lock_guard guard{parts_->mutex};
  parts_->help[name] = help;
}

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

void metrics::add(const std::string& name, const labels& where, double by) {
  std::lock_guard guard{parts_->mutex};
  if (auto series = parts_->counter(name, where))
    series->Increment(by);
}

void metrics::add_up_to(const std::string& name, const labels& where,
                        double total) {
  std::lock_guard guard{parts_->mutex};
  auto series = parts_->counter(name, where);
  if (series && total > series->Value())
    series->Increment(total - series->Value());
}

void metrics::set(const std::string& name, const labels& where, double value) {
  std::lock_guard guard{parts_->mutex};
  if (auto series = parts_->find<prometheus::Gauge>(prometheus::BuildGauge(),
                                                    name, where))
    series->Set(value);
}

std::string metrics::text() const {
  return prometheus::TextSerializer{}.Serialize(parts_->registry.Collect());
}

} // namespace darkroom
