/// Keeps the spans that it gets.
#pragma once

#include "services/trace/tracer.hpp"

#include <vector>

namespace darkroom {

struct span_list : tracer {
  explicit span_list(double sample = 1) : tracer(sample) {}

  void add(span ended) override {
    spans.push_back(std::move(ended));
  }

  std::vector<span> spans; ///< in the order of their ends
};

} // namespace darkroom
