/// The lines of `darkroom top` that are no table.
#include "nodes/commands/top_table.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/columns.hpp"
#include "services/text/printable.hpp"

#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t longest_name = 60; ///< bytes, of a field or a job type

std::string rate_text(const json& rates, const char* key) {
  auto known = rates.is_object();
  return (known ? short_number(rates.value(key, 0.0)) : std::string{"-"})
         + "/s";
}

std::string counts_line(const json& counts) {
  std::string out;
  for (const auto* state :
       {"waiting", "active", "delayed", "prioritized", "failed", "completed"})
    out += (out.empty() ? "" : "  ") + std::string{state} + " "
           + (counts.is_object()
                ? std::to_string(counts.value(state, uint64_t{0}))
                : "-");
  return out;
}

} // namespace

std::vector<std::string> summary_lines(const json& seen) {
  auto number = [&seen](const char* key) {
    return seen[key].is_number() ? std::to_string(number_in(seen, key)) : "-";
  };
  auto oldest = seen["oldestWaitingMs"].is_number()
                  ? span_text(number_in(seen, "oldestWaitingMs"))
                  : "-";
  const auto& rates = seen["rates"];
  auto load = "slots " + number("running") + "/" + number("slots") + "  nodes "
              + (seen["nodes"].is_array() ? std::to_string(seen["nodes"].size())
                                          : "-")
              + "  done " + rate_text(rates, "completed") + "  failed "
              + rate_text(rates, "failed") + "  retried "
              + rate_text(rates, "retried") + "  oldest " + oldest;
  std::string wrong;
  for (const auto& x : seen["troubles"])
    wrong += (wrong.empty() ? "" : "; ") + printable(x.get<std::string>());
  const auto& homeless = seen["withoutNode"];
  if (homeless.is_object())
    for (const auto& [name, jobs] : homeless.items())
      wrong += (wrong.empty() ? "no node runs " : ", no node runs ")
               + std::to_string(jobs.get<uint64_t>()) + " x "
               + printable(name, longest_name);
  return {counts_line(seen["counts"]), load, wrong};
}

std::vector<std::string> job_lines_of(const json& seen, const std::string& id) {
  std::vector<std::string> out;
  auto found = seen.find("job");
  if (found == seen.end() || text_member(*found, "id") != id)
    return out; // of the view before
  for (const auto& [name, value] : found->items()) {
    auto is_time = name == "timestamp" || name == "processedOn"
                   || name == "finishedOn";
    auto text = is_time && value.is_number()
                  ? local_time(number_in(*found, name.c_str()))
                : value.is_string() ? value.get<std::string>()
                                    : write_json(value);
    out.push_back(padded(printable(name, longest_name), 16) + " "
                  + printable(text));
  }
  return out;
}

} // namespace darkroom
