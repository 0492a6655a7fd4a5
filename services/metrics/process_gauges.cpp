#include "services/metrics/process_gauges.hpp"

#include "services/process/process_usage.hpp"

namespace darkroom {

void measure_process(metrics& into) {
  auto used = usage_of_process();
  auto now = [&into](gauge which, double value) {
    into.set(which, {}, value);
  };
  into.add_up_to(counter::process_cpu, {}, used.cpu_seconds);
  now(gauge::process_start, used.started);
  now(gauge::process_resident, static_cast<double>(used.resident_bytes));
  now(gauge::process_virtual, static_cast<double>(used.virtual_bytes));
  now(gauge::process_open_fds, static_cast<double>(used.open_files));
  now(gauge::process_max_fds, static_cast<double>(used.max_open_files));
  now(gauge::process_threads, static_cast<double>(used.threads));
}

} // namespace darkroom
