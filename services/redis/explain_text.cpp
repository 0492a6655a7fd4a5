#include "services/redis/explain_text.hpp"

#include "config/words.hpp"
#include "services/json/json.hpp"

#include <cstdio>
#include <ctime>

namespace darkroom {

namespace {

using nlohmann::json;

int64_t whole_at(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<int64_t>()
                                                     : 0;
}

std::string jobs_text(int64_t count) {
  return counted(static_cast<uint64_t>(count), "job")
         + (count == 1 ? " is" : " are");
}

std::string state_text(const std::string& id, const std::string& state,
                       const json& place) {
  auto job = "job " + id;
  auto ahead = whole_at(place, "ahead");
  auto line = ahead == 0 ? std::string{": it is the next"}
                         : ": " + jobs_text(ahead) + " before it";
  if (state == "waiting")
    return job + " is waiting" + line;
  if (state == "prioritized")
    return job + " waits in the order of priorities" + line;
  if (state == "delayed")
    return job + " is delayed until " + local_time(whole_at(place, "due"));
  if (state == "active")
    return job + " runs";
  if (state == "completed" || state == "failed")
    return job + " has " + state;
  if (state == "waiting-children")
    return job + " waits for its children to end";
  return job + " is in no state: it was being moved, or its queue is damaged";
}

void add_resource(const std::string& name, const json& use, int64_t now,
                  std::vector<std::string>& out) {
  if (auto until = whole_at(use, "pausedUntil"); until > now) {
    auto why = text_member(use, "pausedWhy");
    out.push_back("'" + name + "' rests until " + local_time(until) + " (in "
                  + span_text(until - now) + "): "
                  + (why.empty() ? "its provider asked for that" : why));
  }
  auto most = whole_at(use, "max");
  if (most == 0)
    return;
  auto text = "it uses '" + name + "': " + std::to_string(whole_at(use, "used"))
              + " of " + counted(static_cast<uint64_t>(most), "start") + " in "
              + span_text(whole_at(use, "window"))
              + (most == 1 ? " is used, " : " are used, ")
              + jobs_text(whole_at(use, "waiting")) + " in turn";
  if (auto at = whole_at(use, "promised"); at > 0)
    text += ", and it was promised " + local_time(at);
  out.push_back(std::move(text));
}

} // namespace

std::string local_time(int64_t ms) {
  auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

std::string span_text(int64_t ms) {
  if (ms < 1000)
    return std::to_string(ms) + " ms";
  if (ms < 60000) {
    auto tenth = ms / 100;
    auto text = std::to_string(tenth / 10);
    return (tenth % 10 == 0 ? text : text + "." + std::to_string(tenth % 10))
           + " s";
  }
  auto two = [](int64_t whole, const char* unit, int64_t rest,
                const char* smaller) {
    auto text = std::to_string(whole) + " " + unit;
    return rest == 0 ? text : text + " " + std::to_string(rest) + " " + smaller;
  };
  auto seconds = ms / 1000;
  if (seconds < 3600)
    return two(seconds / 60, "min", seconds % 60, "s");
  if (seconds < 86400)
    return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
  return two(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::vector<std::string> explain_text(const std::string& id, const json& place,
                                      int64_t now) {
  auto state = place.value("state", "unknown");
  std::vector<std::string> out{state_text(id, state, place)};
  if (auto name = place.value("aside", std::string{}); !name.empty()) {
    out[0] = "job " + id + " waits for a node that runs '" + name + "'";
    out.push_back(
      "no node with a free slot runs such jobs; it starts as soon as "
      "one does (`darkroom nodes` lists what they run), and other "
      "workers of the queue are offered it at "
      + local_time(whole_at(place, "due")));
    return out;
  }
  auto earliest = whole_at(place, "earliest");
  if (earliest == 0) // the job does not wait for a start
    return out;
  auto is_paused = place.value("paused", false);
  if (is_paused)
    out.emplace_back(
      "the queue is paused: nothing starts until `darkroom queue resume`");
  auto concurrency = whole_at(place, "concurrency");
  auto active = whole_at(place, "active");
  auto is_full = concurrency > 0 && active >= concurrency;
  if (is_full)
    out.push_back(counted(static_cast<uint64_t>(active), "job")
                  + (active == 1 ? " runs" : " run") + ", and the queue allows "
                  + std::to_string(concurrency) + " at once");
  auto limit = whole_at(place, "limit");
  if (limit > 0 && earliest > now && whole_at(place, "due") < earliest)
    out.push_back("the queue allows "
                  + counted(static_cast<uint64_t>(limit), "start")
                  + " a window");
  // A variable, because items() of a temporary would dangle.
  auto resources = place.value("resources", json::object());
  for (const auto& [name, use] : resources.items())
    add_resource(name, use, now, out);
  if (earliest > now)
    out.push_back("it can start at " + local_time(earliest) + " (in "
                  + span_text(earliest - now) + ") at the earliest");
  else if (!is_paused && !is_full)
    out.emplace_back("no limit holds it: it starts as soon as a worker has a "
                     "free slot");
  return out;
}

} // namespace darkroom
