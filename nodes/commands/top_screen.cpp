#include "nodes/commands/top_screen.hpp"

#include "nodes/job_json.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/columns.hpp"
#include "services/text/printable.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr const char* reverse = "\x1b[7m";
constexpr const char* bold = "\x1b[1m";
constexpr const char* red = "\x1b[31m";

std::string drawn(const char* code, const std::string& line) {
  return code + line + "\x1b[0m";
}

constexpr size_t longest_id = 60; ///< bytes, in sentences

const std::vector<std::string> help_lines{
  "",
  "  1 2 3 4      nodes, running jobs, waiting jobs, failed jobs",
  "  up, down     choose a line (or k, j)",
  "  Enter        look into a node or a job",
  "  Escape       back (or Backspace)",
  "  s, r         sort by the next column; the other way round",
  "  c            cancel the chosen job: asks first",
  "  q            leave (or Ctrl-C)",
};

} // namespace

const char* top_screen::state_of(view x) {
  switch (x) {
    case view::running:
      return "active";
    case view::waiting:
      return "waiting";
    case view::failed:
      return "failed";
    case view::nodes:
    case view::node:
    case view::job:
      break;
  }
  return "";
}

top_wish top_screen::wish() const {
  return {state_of(now_), now_ == view::job ? job_ : std::string{}};
}

void top_screen::see(nlohmann::json seen) {
  seen_ = std::move(seen);
}

top_table top_screen::table_of(view x) const {
  if (!seen_.is_object())
    return {};
  if (x == view::nodes)
    return nodes_table(seen_);
  if (x == view::node)
    return node_jobs_table(seen_, node_);
  return jobs_table(seen_, state_of(x));
}

top_table top_screen::sorted_table() const {
  auto out = table_of(now_);
  if (sort_ > 0 && sort_ <= out.columns.size())
    out.sort(sort_ - 1, is_reversed_);
  else if (is_reversed_)
    std::reverse(out.rows.begin(), out.rows.end());
  return out;
}

std::string top_screen::head(size_t columns) const {
  auto name = "darkroom top  " + printable(text_member(seen_, "queue"));
  if (seen_["paused"] == true)
    name += " (paused)";
  auto time = local_time(number_in(seen_, "at")).substr(11);
  auto room = columns > time.size() + 1 ? columns - time.size() - 1 : 0;
  return clipped(padded(name, room) + " " + time, columns);
}

std::string top_screen::tabs(size_t columns) const {
  std::string out;
  size_t number = 0;
  for (const auto* name : {"nodes", "running", "waiting", "failed"}) {
    auto is_here = static_cast<size_t>(now_) == number;
    auto text = std::to_string(++number) + " " + name;
    out += is_here ? "[" + text + "] " : " " + text + "  ";
  }
  if (now_ == view::node)
    out += "[node " + printable(node_, longest_id) + "]";
  if (now_ == view::job)
    out += "[job " + printable(job_, longest_id) + "]";
  return clipped(out, columns);
}

std::string top_screen::bottom(size_t columns) const {
  if (!doomed_.empty())
    return clipped("Cancel job " + printable(doomed_, longest_id)
                     + "? It fails for good. y or n",
                   columns);
  if (!message_.empty())
    return clipped(printable(message_), columns);
  std::string order = "as they come";
  if (auto table = table_of(now_); sort_ > 0 && sort_ <= table.columns.size())
    order = table.columns[sort_ - 1].title;
  return clipped("Enter looks in  Esc back  s sort: " + order
                   + (is_reversed_ ? ", reversed" : "")
                   + "  c cancel  ? keys  q leave",
                 columns);
}

void top_screen::add_table(std::vector<std::string>& out, terminal_size size) {
  auto table = sorted_table();
  at_ = std::min(at_, table.rows.empty() ? 0 : table.rows.size() - 1);
  out.push_back(drawn(bold, table.titles(size.columns)));
  auto room = size.lines > out.size() + 1 ? size.lines - out.size() - 1 : 0;
  auto first = at_ >= room && room > 0 ? at_ - room + 1 : 0;
  for (size_t i = first; i < table.rows.size() && i < first + room; ++i) {
    auto line = table.line(table.rows[i], size.columns);
    out.push_back(i == at_ ? drawn(reverse, line) : line);
  }
}

void top_screen::add_job(std::vector<std::string>& out, terminal_size size) {
  auto lines = job_lines_of(seen_, job_);
  at_ = std::min(at_, lines.empty() ? 0 : lines.size() - 1);
  for (size_t i = at_; i < lines.size() && out.size() + 1 < size.lines; ++i)
    out.push_back(clipped(lines[i], size.columns));
}

std::vector<std::string> top_screen::frame(terminal_size size) {
  std::vector<std::string> out;
  if (!seen_.is_object()) {
    out.emplace_back(clipped("darkroom top: looking…", size.columns));
  } else {
    out.push_back(drawn(bold, head(size.columns)));
    auto summary = summary_lines(seen_);
    for (auto& line : summary)
      line = clipped(line, size.columns);
    if (is_coloured_) // what is wrong
      summary.back() = drawn(red, summary.back());
    out.insert(out.end(), summary.begin(), summary.end());
    out.push_back(tabs(size.columns));
    if (has_help_)
      for (const auto& line : help_lines)
        out.push_back(clipped(line, size.columns));
    else if (now_ == view::job)
      add_job(out, size);
    else
      add_table(out, size);
  }
  out.resize(size.lines > 0 ? size.lines - 1 : 0);
  out.push_back(bottom(size.columns));
  return out;
}

std::vector<std::string> top_screen::printed(size_t columns) {
  std::vector<std::string> out{head(columns)};
  for (const auto& line : summary_lines(seen_))
    if (!line.empty())
      out.push_back(clipped(line, columns));
  for (auto x : {view::nodes, view::running}) {
    auto table = table_of(x);
    out.emplace_back();
    out.push_back(table.titles(columns));
    for (const auto& row : table.rows)
      out.push_back(table.line(row, columns));
  }
  for (auto& line : out)
    line.erase(line.find_last_not_of(' ') + 1);
  return out;
}

} // namespace darkroom
