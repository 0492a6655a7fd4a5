#include "nodes/job_json.hpp"

#include "nodes/command.hpp"
#include "services/json/json.hpp"
#include "services/json/member.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/printable.hpp"

#include <map>

namespace darkroom {

namespace {

enum class field_kind { text, number, json };

struct field_name {
  const char* shown;
  field_kind kind;
};

/// Hash field -> the form that people see; other fields are shown as text.
const std::map<std::string, field_name> known_fields{
  {"name", {"name", field_kind::text}},
  {"data", {"data", field_kind::json}},
  {"opts", {"opts", field_kind::json}},
  {"timestamp", {"timestamp", field_kind::number}},
  {"delay", {"delay", field_kind::number}},
  {"priority", {"priority", field_kind::number}},
  {"processedOn", {"processedOn", field_kind::number}},
  {"finishedOn", {"finishedOn", field_kind::number}},
  {"ats", {"attemptsStarted", field_kind::number}},
  {"atm", {"attemptsMade", field_kind::number}},
  {"stc", {"stalledCounter", field_kind::number}},
  {"pb", {"processedBy", field_kind::text}},
  {"progress", {"progress", field_kind::json}},
  {"returnvalue", {"returnvalue", field_kind::json}},
  {"failedReason", {"failedReason", field_kind::text}},
  {"stacktrace", {"stacktrace", field_kind::json}},
  {"drLost", {"runnersLost", field_kind::number}},
  {"drCodecDeaths", {"codecDeaths", field_kind::number}},
};

nlohmann::json value_of(const std::string& text, field_kind kind) {
  if (kind == field_kind::text)
    return text;
  return json_or_text(text);
}

} // namespace

nlohmann::json to_json(const stored_job& job) {
  nlohmann::json out{{"id", job.id}};
  for (const auto& [field, text] : job.fields) {
    auto known = known_fields.find(field);
    if (known == known_fields.end())
      out[field] = text;
    else
      out[known->second.shown] = value_of(text, known->second.kind);
  }
  return out;
}

nlohmann::json to_json(const queue_counts& counts) {
  return {{"waiting", counts.waiting},
          {"active", counts.active},
          {"delayed", counts.delayed},
          {"prioritized", counts.prioritized},
          {"completed", counts.completed},
          {"failed", counts.failed},
          {"waiting-children", counts.waiting_children}};
}

nlohmann::json to_json(const std::vector<aside_count>& aside) {
  auto out = nlohmann::json::object();
  for (const auto& x : aside)
    out[x.job_name] = x.jobs;
  return out;
}

int64_t number_in(const nlohmann::json& job, const char* key) {
  constexpr double largest = 9e15;
  auto found = job.find(key);
  if (found == job.end() || !found->is_number())
    return 0;
  auto value = found->get<double>();
  return value >= -largest && value <= largest ? static_cast<int64_t>(value)
                                               : 0;
}

std::string summary_of(const nlohmann::json& job) {
  constexpr size_t longest_data = 160; // bytes: the failure counts for more
  auto data = printable(write_json(job.value("data", nlohmann::json{})),
                        longest_data);
  auto reason = text_member(job, "failedReason");
  return reason.empty() ? data : data + "  failed: " + reason;
}

void print_job(const nlohmann::json& job) {
  auto line = [](const std::string& name, const std::string& value) {
    tell(name + std::string(name.size() < 16 ? 16 - name.size() : 0, ' ') + " "
         + value);
  };
  auto text = [](const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : write_json(value);
  };
  for (const auto& [name, value] : job.items()) {
    auto is_time = name == "timestamp" || name == "processedOn"
                   || name == "finishedOn";
    if (is_time && value.is_number())
      line(name, local_time(number_in(job, name.c_str())));
    else if (name != "stacktrace" || !value.is_array())
      line(name, text(value));
  }
  auto attempts = job.value("stacktrace", nlohmann::json::array());
  for (size_t i = 0; attempts.is_array() && i < attempts.size(); ++i)
    line("attempt " + std::to_string(i + 1), text(attempts[i]));
}

} // namespace darkroom
