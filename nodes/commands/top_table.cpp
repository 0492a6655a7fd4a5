#include "nodes/commands/top_table.hpp"

#include "config/words.hpp"
#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/columns.hpp"
#include "services/text/printable.hpp"

#include <algorithm>
#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t longest_cell = 200; ///< bytes

top_cell text_cell(const json& object, const char* key) {
  auto text = text_member(object, key);
  return {text.empty() ? "-" : printable(text, longest_cell), std::nullopt};
}

top_cell number_cell(double value, const std::string& shown) {
  return {shown, value};
}

/// How long ago a time of the job was.
top_cell age_cell(const json& job, const char* key, int64_t now) {
  auto time = number_in(job, key);
  if (time <= 0)
    return {"-", -1};
  auto age = std::max<int64_t>(now - time, 0);
  return number_cell(static_cast<double>(age), span_text(age));
}

top_cell count_cell(const json& object, const char* key) {
  auto value = number_in(object, key);
  return number_cell(static_cast<double>(value), std::to_string(value));
}

const json& list_in(const json& object, const char* key) {
  static const json none = json::array();
  if (!object.is_object())
    return none;
  auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : none;
}

std::string joined_labels(const json& node) {
  std::vector<std::string> out;
  for (const auto& x : list_in(node, "labels"))
    if (x.is_string())
      out.push_back(x.get<std::string>());
  return out.empty() ? "-" : printable(joined(out, ","), longest_cell);
}

/// The name of the node that runs a job; "-" if no main node knows.
std::string node_of(const json& seen, const std::string& job_id) {
  for (const auto& node : list_in(seen, "nodes"))
    for (const auto& x : list_in(node, "processors"))
      if (text_member(x, "jobId") == job_id)
        return printable(text_member(node, "name"), longest_cell);
  return "-";
}

top_cell progress_cell(const json& job) {
  auto found = job.find("progress");
  if (found == job.end() || found->is_null())
    return {"-", -1};
  if (found->is_number())
    return number_cell(found->get<double>(),
                       short_number(found->get<double>()) + "%");
  return {printable(write_json(*found), longest_cell), std::nullopt};
}

} // namespace

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
  return text;
}

std::string top_table::line(const top_row& row, size_t width) const {
  std::string out;
  size_t used = 0;
  for (size_t i = 0; i < columns.size() && used < width; ++i) {
    auto wanted = columns[i].width == 0 ? width - used : columns[i].width;
    auto room = std::min(wanted, width - used);
    out += padded(i < row.cells.size() ? row.cells[i].shown : "", room);
    used += room;
    auto gap = std::min<size_t>(2, width - used);
    out += std::string(gap, ' ');
    used += gap;
  }
  return out + std::string(width - used, ' ');
}

std::string top_table::titles(size_t width) const {
  top_row header;
  for (const auto& x : columns)
    header.cells.push_back({x.title, std::nullopt});
  return line(header, width);
}

void top_table::sort(size_t column, bool is_reversed) {
  auto is_before = [column](const top_row& a, const top_row& b) {
    const auto& x = a.cells[column];
    const auto& y = b.cells[column];
    if (x.number && y.number)
      return *x.number < *y.number;
    return x.shown < y.shown;
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const top_row& a, const top_row& b) {
                     return is_reversed ? is_before(b, a) : is_before(a, b);
                   });
}

top_table nodes_table(const json& seen) {
  top_table out;
  out.columns = {{"NODE", 20},  {"STATE", 9},   {"JOBS", 7},  {"LOAD", 6},
                 {"MEMORY", 9}, {"VERSION", 8}, {"LABELS", 0}};
  for (const auto& x : list_in(seen, "nodes")) {
    auto running = number_in(x, "running");
    auto memory = number_in(x, "memory") >> 20;
    auto load = x.value("load", 0.0);
    out.rows.push_back(
      {text_member(x, "name"),
       {text_cell(x, "name"),
        text_cell(x, "state"),
        number_cell(static_cast<double>(running),
                    std::to_string(running) + "/"
                      + std::to_string(number_in(x, "concurrency"))),
        number_cell(load, short_number(load)),
        number_cell(static_cast<double>(memory),
                    std::to_string(memory) + " MB"),
        text_cell(x, "version"),
        {joined_labels(x), std::nullopt}}});
  }
  return out;
}

top_table jobs_table(const json& seen, const std::string& state) {
  top_table out;
  auto now = number_in(seen, "at");
  out.columns = {{"JOB", 8}, {"NAME", 20}, {"TRIED", 5}};
  if (state == "active")
    out.columns.insert(out.columns.end(),
                       {{"IMAGE", 10}, {"RUNS", 10}, {"DONE", 5}, {"NODE", 0}});
  else if (state == "failed")
    out.columns.insert(out.columns.end(), {{"AGO", 10}, {"FAILURE", 0}});
  else
    out.columns.insert(out.columns.end(), {{"IMAGE", 20}, {"WAITS", 0}});
  if (!seen.contains("jobs") || text_member(seen["jobs"], "state") != state)
    return out; // of the view before
  for (const auto& x : list_in(seen["jobs"], "list")) {
    auto id = text_member(x, "id");
    top_row row{id,
                {text_cell(x, "id"), text_cell(x, "name"),
                 count_cell(x, "attemptsMade")}};
    if (state != "failed")
      row.cells.push_back(text_cell(x, "imageId"));
    if (state == "active") {
      row.cells.push_back(age_cell(x, "processedOn", now));
      row.cells.push_back(progress_cell(x));
      row.cells.push_back({node_of(seen, id), std::nullopt});
    } else if (state == "failed") {
      row.cells.push_back(age_cell(x, "finishedOn", now));
      row.cells.push_back(text_cell(x, "failedReason"));
    } else {
      row.cells.push_back(age_cell(x, "timestamp", now));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

top_table node_jobs_table(const json& seen, const std::string& node) {
  top_table out;
  out.columns = {{"JOB", 30}, {"RUNS", 0}};
  for (const auto& x : list_in(seen, "nodes")) {
    if (text_member(x, "name") != node)
      continue;
    for (const auto& run : list_in(x, "processors")) {
      auto id = text_member(run, "jobId");
      auto busy = number_in(run, "busyMs");
      if (!id.empty())
        out.rows.push_back(
          {id,
           {text_cell(run, "jobId"),
            number_cell(static_cast<double>(busy), span_text(busy))}});
    }
  }
  return out;
}

} // namespace darkroom
