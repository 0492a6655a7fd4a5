/// All job types, one row each.
#include "actors/jobs/diagnostic_jobs.hpp"
#include "actors/jobs/generate_embeddings.hpp"
#include "actors/jobs/generate_metadata.hpp"
#include "actors/jobs/generate_variants.hpp"
#include "actors/jobs/job_type.hpp"
#include "config/nearest.hpp"

#include <cmath>
#include <string_view>

namespace darkroom {

namespace {

constexpr job_type table[] = {
  {.name = "generate-metadata",
   .run = run_generate_metadata,
   .part = image_part::metadata,
   .resources = {"vision"}},
  {.name = "generate-variants",
   .run = run_generate_variants,
   .part = image_part::variants},
  {.name = "generate-embeddings",
   .run = run_generate_embeddings,
   .part = image_part::embedding,
   .resources = {"embedding"}},
  // name, function, cheap, diagnostic
  {"echo", run_echo, true, true},
  {"sleep", run_sleep, false, true},
  {"flaky", run_flaky, true, true},
  {"crash", run_crash, true, true},
  {"fatal", run_fatal, true, true},
  {"log", run_log, true, true},
  {"chain", run_chain, true, true},
  {"codec-crash", run_codec_crash, false, true},
  {"codec-hang", run_codec_hang, false, true},
};

constexpr const job_type* find_maker(image_part part) {
  for (const auto& type : table)
    if (type.part == part)
      return &type;
  return nullptr;
}

constexpr bool has_makers() {
  for (auto part : all_image_parts())
    if (find_maker(part) == nullptr)
      return false;
  return true;
}
static_assert(has_makers(), "each part of an image needs the job type that "
                            "makes it in the table above");

} // namespace

const job_type* find_job_type(const std::string& name, bool diagnostics) {
  for (const auto& type : table)
    if (name == type.name && (diagnostics || !type.is_diagnostic))
      return &type;
  return nullptr;
}

const char* maker_of(image_part part) {
  return find_maker(part)->name;
}

std::vector<const job_type*> upload_job_types() {
  std::vector<const job_type*> out;
  for (const auto& type : table)
    if (type.reads_picture())
      out.push_back(&type);
  return out;
}

std::vector<std::string> job_type_names() {
  std::vector<std::string> out;
  for (const auto& type : table)
    out.emplace_back(type.name);
  return out;
}

result<std::vector<std::string>> job_types_of(const worker_settings& worker) {
  std::vector<std::string> known;
  for (const auto& type : table)
    if (worker.diagnostics || !type.is_diagnostic)
      known.emplace_back(type.name);
  for (const auto& name : worker.job_types)
    if (find_job_type(name, worker.diagnostics) == nullptr)
      return fail(ec::bad_config, "worker.job_types = '" + name
                                    + "': there is no such job type here"
                                    + suggestion(name, known));
  return worker.job_types.empty() ? known : worker.job_types;
}

std::vector<resource_use> resource_uses() {
  std::vector<resource_use> out;
  for (const auto& type : table) {
    resource_use uses{type.name, {}};
    for (auto at = type.resources; *at != nullptr; ++at)
      uses.resources.emplace_back(*at);
    if (!uses.resources.empty())
      out.push_back(std::move(uses));
  }
  return out;
}

namespace {

call_bounds bounds_of(const budget_bounds& x) {
  return {x.requests, x.tokens,
          static_cast<uint64_t>(std::llround(x.money * 1e6))};
}

} // namespace

queue_context queue_context_of(const settings& config) {
  const auto& limits = config.limits;
  queue_context out;
  out.resources.uses = resource_uses();
  out.resources.limits = {limits.vision, limits.embedding};
  out.slack = limits.slack;
  for (auto& x : out.resources.limits)
    x.window += limits.slack;
  const auto& budget = config.budget;
  out.budget = {bounds_of(budget.vision), bounds_of(budget.embedding),
                bounds_of(budget.total), budget.then == "local"};
  out.answers_kept = {{"vision", config.vision.cache},
                      {"embedding", config.embedding.cache}};
  return out;
}

} // namespace darkroom
