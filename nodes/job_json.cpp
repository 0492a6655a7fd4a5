#include "nodes/job_json.hpp"

#include "services/json/json.hpp"

#include <map>

namespace darkroom {

namespace {

enum class field_kind { text, number, json };

struct field_name {
  const char* shown;
  field_kind kind;
};

/// Hash field -> what people see; others are shown as text.
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
  auto parsed = parse_json(text);
  return parsed ? std::move(*parsed) : nlohmann::json(text);
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

} // namespace darkroom
