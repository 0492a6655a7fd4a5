#include "services/redis/job_line.hpp"

#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t max_priority = 2097151;   // BullMQ's
constexpr int64_t max_delay_ms = 1LL << 40; // its score has 41 bits of ms
constexpr const char* needs_more[] = {"parent", "repeat", "deduplication",
                                      "debounce"};

result<int64_t> whole(const json& options, const char* name, int64_t most) {
  auto found = options.find(name);
  if (found == options.end())
    return int64_t{0};
  if (found->is_number()) {
    auto value = found->get<double>();
    if (value >= 0 && value <= static_cast<double>(most))
      return static_cast<int64_t>(value);
  }
  return fail(ec::bad_input, "opts." + std::string{name} + " is "
                               + write_json(*found) + ": it takes 0 to "
                               + std::to_string(most));
}

/// BullMQ stores this one under a short name.
void shorten(json& options) {
  auto found = options.find("keepLogs");
  if (found == options.end())
    return;
  options["kl"] = std::move(*found);
  options.erase("keepLogs");
}

status set_options(new_job& job, json options) {
  if (!options.is_object())
    return fail(ec::bad_input, "opts is no JSON object");
  for (const auto* name : needs_more)
    if (options.contains(name))
      return fail(ec::bad_input, "opts." + std::string{name}
                                   + " is not supported in bulk: add the job "
                                     "with BullMQ's Queue or FlowProducer");
  auto delay = whole(options, "delay", max_delay_ms);
  if (!delay)
    return std::move(delay.error());
  auto priority = whole(options, "priority", max_priority);
  if (!priority)
    return std::move(priority.error());
  job.delay_ms = *delay;
  job.priority = static_cast<uint32_t>(*priority);
  job.lifo = options.value("lifo", json{}) == true;
  job.id = text_member(options, "jobId");
  shorten(options);
  job.options = write_json(options);
  return ok;
}

} // namespace

status set_options(new_job& job, std::string_view options) {
  auto parsed = parse_json(options);
  if (!parsed)
    return fail(ec::bad_input, "opts is " + parsed.error().context);
  return set_options(job, std::move(*parsed));
}

result<new_job> read_job_line(std::string_view line, const new_job& base) {
  auto parsed = parse_json(line);
  if (!parsed)
    return std::move(parsed.error());
  if (!parsed->is_object())
    return fail(ec::bad_input, "a job is a JSON object");
  auto job = base;
  if (auto name = parsed->find("name"); name != parsed->end())
    job.name = name->is_string() ? name->get<std::string>() : std::string{};
  if (job.name.empty())
    return fail(ec::bad_input, "the job has no name");
  if (auto data = parsed->find("data"); data != parsed->end())
    job.data = write_json(*data);
  if (auto options = parsed->find("opts"); options != parsed->end()) {
    auto set = set_options(job, std::move(*options));
    if (!set)
      return std::move(set.error());
  }
  return job;
}

} // namespace darkroom
