/// The gauges of the process itself, under the names of Prometheus' clients.
#pragma once

#include "services/metrics/metrics.hpp"

namespace darkroom {

/// Measures what this process takes of its machine. Thread-safe.
void measure_process(metrics& into);

} // namespace darkroom
