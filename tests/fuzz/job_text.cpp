/// What producers write into jobs, into lines of `darkroom add --bulk`, and
/// into events.
#include "services/events/event_text.hpp"
#include "services/json/json.hpp"
#include "services/redis/add_options.hpp"
#include "services/redis/job_line.hpp"
#include "services/redis/job_options.hpp"
#include "services/text/printable.hpp"

#include <cstdlib>

using namespace darkroom;

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text{reinterpret_cast<const char*>(data), size};
  auto options = parse_job_options(text);
  require(options.backoff_ms >= 0 && options.stack_trace_limit >= -1);
  (void)label_of(text);
  auto shown = printable(text, 80);
  require(shown.size() <= 80 && shown.find('\n') == shown.npos);
  require(parse_json(write_json(shown)).operator bool());
  if (auto value = parse_json(text))
    require(parse_json(write_json(*value)).operator bool());
  new_job base;
  base.name = "echo";
  base.data = "{}";
  base.options = "{}";
  if (auto job = read_job_line(text, base)) {
    require(parse_json(job->data).operator bool());
    require(parse_json(job->options).operator bool());
  }
  return 0;
}
