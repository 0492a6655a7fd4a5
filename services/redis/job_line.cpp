#include "services/redis/job_line.hpp"

#include "services/json/json.hpp"
#include "services/redis/add_options.hpp"
#include "services/redis/option_check.hpp"

namespace darkroom {

result<new_job> with_checked_options(new_job job, const nlohmann::json& given) {
  auto made = with_options(std::move(job), given);
  if (!made)
    return made;
  if (auto meant = check_options(given); !meant)
    return std::move(meant.error());
  return made;
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
  auto options = parsed->find("opts");
  if (options == parsed->end())
    return job;
  job.options = "{}";
  return with_checked_options(std::move(job), *options);
}

} // namespace darkroom
