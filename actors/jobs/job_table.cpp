/// All job types. One row each.
#include "actors/jobs/diagnostic_jobs.hpp"
#include "actors/jobs/generate_embeddings.hpp"
#include "actors/jobs/generate_metadata.hpp"
#include "actors/jobs/generate_variants.hpp"
#include "actors/jobs/job_type.hpp"
#include "config/nearest.hpp"

#include <string_view>

namespace darkroom {

namespace {

constexpr job_type table[] = {
  // name, function, cheap, diagnostic, resources
  {"generate-metadata", run_generate_metadata, false, false, {"vision"}},
  {"generate-variants", run_generate_variants, false, false},
  {"generate-embeddings", run_generate_embeddings, false, false, {"embedding"}},
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

} // namespace

const job_type* find_job_type(const std::string& name, bool diagnostics) {
  for (const auto& type : table)
    if (name == type.name && (diagnostics || !type.is_diagnostic))
      return &type;
  return nullptr;
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

} // namespace darkroom
