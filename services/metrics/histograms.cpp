#include "services/metrics/metric.hpp"

namespace darkroom {

metric_info info_of(histogram which) {
  switch (which) {
    case histogram::encode_seconds:
      return {"darkroom_variant_encode_seconds", "seconds", "format,size",
              "How long the encoder took for one file."};
    case histogram::job_duration:
      return {"darkroom_job_duration_seconds", "seconds", "name,queue",
              "From a run's start until Redis knew its end; given-back runs do "
              "not count."};
    case histogram::job_end_to_end:
      return {"darkroom_job_end_to_end_seconds", "seconds", "name,queue",
              "From the time that a job could have started until it completed "
              "or failed for good."};
    case histogram::job_wait:
      return {
        "darkroom_job_wait_seconds", "seconds", "name,queue",
        "From the time that a job could have started until its first start."};
    case histogram::provider_seconds:
      return {"darkroom_provider_call_seconds", "seconds", "provider,resource",
              "How long calls to providers took."};
    case histogram::count_:
      break;
  }
  return {"", "", "", ""};
}

std::vector<double> buckets_of(histogram which) {
  switch (which) {
    case histogram::encode_seconds:
      return {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
    case histogram::job_duration:
      return {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};
    case histogram::job_wait:
    case histogram::job_end_to_end: // hours, if the queue is long
      return {0.005, 0.025, 0.1, 0.5,  1,     5,    15,
              60,    300,   900, 3600, 14400, 86400};
    case histogram::provider_seconds:
      return {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60};
    case histogram::count_:
      break;
  }
  return {};
}

} // namespace darkroom
