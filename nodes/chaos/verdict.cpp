#include "nodes/chaos/verdict.hpp"

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t most_shown = 5; // ids in a line

/// "3: a, b, c"; "0" if the list is empty.
std::string listed(const std::vector<std::string>& ids) {
  auto out = std::to_string(ids.size());
  for (size_t i = 0; i < std::min(ids.size(), most_shown); ++i)
    out += (i == 0 ? ": " : ", ") + ids[i];
  return ids.size() > most_shown ? out + ", …" : out;
}

std::string line(std::string what, const std::string& value) {
  what.resize(std::max<size_t>(what.size(), 24), ' ');
  return what + " " + value;
}

std::string recovery_text(const chaos_verdict& x) {
  const auto& times = x.recovery;
  if (times.count == 0)
    return "none measured";
  return "p50 " + std::to_string(times.p50) + " ms, p99 "
         + std::to_string(times.p99) + " ms, max " + std::to_string(times.max)
         + " ms, of " + std::to_string(times.count);
}

std::string deeds_text(const chaos_verdict& x) {
  std::string out;
  for (const auto& [kind, count] : x.deeds)
    out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  return out.empty() ? "none" : out;
}

} // namespace

json to_json(const chaos_outcome& x) {
  const auto& v = x.verdict;
  return {{"verdict", x.is_good() ? "ok" : "broken"},
          {"seed", x.seed},
          {"stoppedBy", x.stopped_by.empty() ? json{} : json(x.stopped_by)},
          {"jobs",
           {{"added", v.added},
            {"completed", v.completed},
            {"failed", v.failed},
            {"lost", v.lost},
            {"doubled", v.doubled},
            {"unfinished", v.unfinished},
            {"unseen", v.unseen},
            {"startedAnew", v.started_anew},
            {"attemptsBurned", v.burned}}},
          {"actions", v.deeds},
          {"skipped", x.skipped},
          {"missing", x.missing},
          {"recoveryMs",
           {{"count", v.recovery.count},
            {"p50", v.recovery.p50},
            {"p99", v.recovery.p99},
            {"max", v.recovery.max},
            {"unrecovered", v.unrecovered}}}};
}

std::vector<std::string> to_lines(const chaos_outcome& x) {
  const auto& v = x.verdict;
  std::vector<std::string> out;
  out.push_back(line("jobs added", std::to_string(v.added)));
  out.push_back(line("completed", std::to_string(v.completed)));
  out.push_back(line("failed for good", std::to_string(v.failed)));
  out.push_back(line("lost", listed(v.lost)));
  out.push_back(line("doubled", listed(v.doubled)));
  out.push_back(line("not ended in time", listed(v.unfinished)));
  if (!v.unseen.empty())
    out.push_back(line("ended unseen", listed(v.unseen)));
  out.push_back(line("started anew", std::to_string(v.started_anew)));
  out.push_back(line("attempts burned", std::to_string(v.burned)));
  out.push_back(line("actions", deeds_text(v)));
  for (const auto& text : x.skipped)
    out.push_back(line("skipped", text));
  for (const auto& text : x.missing)
    out.push_back(line("not back in time", text));
  out.push_back(line("recovery", recovery_text(v)));
  if (v.unrecovered > 0)
    out.push_back(
      line("nothing seen after", std::to_string(v.unrecovered) + " actions"));
  if (!x.stopped_by.empty())
    out.push_back(line("stopped by", x.stopped_by));
  out.push_back(line("seed", std::to_string(x.seed)));
  out.push_back(line("verdict", x.is_good() ? "ok" : "broken"));
  return out;
}

} // namespace darkroom
