#include "services/redis/add_options.hpp"

#include "services/json/json.hpp"
#include "services/redis/option_value.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t highest_priority = 2097151;       ///< 2^21 - 1, as in BullMQ
constexpr int64_t longest_delay = int64_t{1} << 40; ///< ms; 34 years

/// BullMQ stores these under short names.
const std::map<std::string, std::string> short_names{
  {"deduplication", "de"},
  {"keepLogs", "kl"},
  {"failParentOnFailure", "fpof"},
  {"continueParentOnFailure", "cpof"},
  {"ignoreDependencyOnFailure", "idof"},
  {"removeDependencyOnFailure", "rdof"},
};

error bad(const std::string& what) {
  return fail(ec::bad_input, "options: " + what);
}

/// Suffixes of the queue's own keys. A job with such an id would overwrite
/// them.
const std::set<std::string_view> key_ends{"active",
                                          "completed",
                                          "delayed",
                                          "events",
                                          "failed",
                                          "id",
                                          "limiter",
                                          "marker",
                                          "meta",
                                          "paused",
                                          "pc",
                                          "priority",
                                          "prioritized",
                                          "repeat",
                                          "stalled",
                                          "wait",
                                          "waiting",
                                          "stalled-check",
                                          "waiting-children"};

/// BullMQ's rules: an id must not look like an automatic id or like a key.
bool is_job_id(const std::string& id) {
  auto colons = std::count(id.begin(), id.end(), ':');
  return !id.empty() && !id.starts_with("0:") && (colons == 0 || colons == 2)
         && !std::all_of(id.begin(), id.end(),
                         [](char c) { return c >= '0' && c <= '9'; });
}

result<int64_t> number_option(const json& options, const char* key,
                              int64_t most) {
  auto found = options.find(key);
  if (found == options.end())
    return int64_t{0};
  auto number = number_in(*found);
  if (!number || !(*number >= 0 && *number <= static_cast<double>(most)))
    return bad(std::string{key} + " is not a number from 0 to "
               + std::to_string(most));
  return static_cast<int64_t>(*number);
}

bool is_on(const json& options, const char* key) {
  return is_truthy(options.value(key, json{}));
}

status check_relations(const json& options) {
  int reactions = 0;
  for (const auto* key : {"fpof", "cpof", "idof", "rdof"})
    reactions += is_on(options, key) ? 1 : 0;
  if (reactions > 1)
    return bad("only one of the four ...OnFailure options can be set");
  auto owner = options.value("de", json{});
  if (!owner.is_null()
      && (!owner.is_object() || text_member(owner, "id").empty()))
    return bad("deduplication has no id");
  if (owner.is_object() && owner.contains("ttl") && !owner["ttl"].is_number())
    return bad("the ttl of deduplication is not a number");
  auto parent = options.value("parent", json{});
  if (parent.is_null())
    return ok;
  if (!parent.is_object() || text_member(parent, "id").empty()
      || text_member(parent, "queue").empty())
    return bad("parent needs an id and a queue (\"bull:<queue>\")");
  if (!owner.is_null())
    return bad("a child cannot have a deduplication id");
  return ok;
}

} // namespace

result<new_job> with_options(new_job job, const json& given) {
  if (!given.is_object())
    return bad("no JSON object");
  auto options = parse_json(job.options);
  if (!options)
    return std::move(options.error());
  for (const auto& [name, value] : given.items()) {
    auto known = short_names.find(name);
    (*options)[known == short_names.end() ? name : known->second] = value;
  }
  if (auto backoff = options->find("backoff");
      backoff != options->end() && backoff->is_number())
    *backoff = {{"type", "fixed"}, {"delay", *backoff}};
  if (auto related = check_relations(*options); !related)
    return std::move(related.error());
  auto id = options->value("jobId", json{});
  if (!id.is_null() && (!id.is_string() || !is_job_id(id.get<std::string>())))
    return bad("jobId must be a text, no whole number, and without ':'");
  if (id.is_string() && key_ends.count(id.get<std::string>()) > 0)
    return bad("jobId '" + id.get<std::string>()
               + "' is the name of a key of the queue");
  if (id.is_string())
    job.id = id.get<std::string>();
  auto delay = number_option(*options, "delay", longest_delay);
  if (!delay)
    return std::move(delay.error());
  auto priority = number_option(*options, "priority", highest_priority);
  if (!priority)
    return std::move(priority.error());
  job.delay_ms = *delay;
  job.priority = static_cast<uint32_t>(*priority);
  job.lifo = is_on(*options, "lifo");
  job.options = write_json(*options);
  return job;
}

} // namespace darkroom
