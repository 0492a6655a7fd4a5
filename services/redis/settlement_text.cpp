#include "services/redis/settlement_text.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

namespace {

using nlohmann::json;

const char* letter(settle_kind kind) {
  switch (kind) {
    case settle_kind::complete:
      return "c";
    case settle_kind::fail:
      return "f";
    case settle_kind::retry_later:
    case settle_kind::postpone:
      return "d";
    case settle_kind::retry_now:
      return "r";
    case settle_kind::give_back:
      return "g";
  }
  return "g";
}

json chained(const std::vector<new_job>& jobs) {
  auto list = json::array();
  for (const auto& x : jobs) {
    json entry{{"n", x.name}, {"d", x.data}, {"o", x.options}};
    if (!x.id.empty())
      entry["i"] = x.id;
    if (x.delay_ms > 0)
      entry["w"] = x.delay_ms;
    if (x.priority > 0)
      entry["p"] = x.priority;
    if (x.lifo)
      entry["l"] = true;
    list.push_back(std::move(entry));
  }
  return list;
}

void add_retention(const settlement& from, json& extra) {
  if (from.keep.count >= 0)
    extra["kc"] = from.keep.count;
  if (from.keep.age_s != 0) {
    extra["ka"] = from.keep.age_s;
    extra["kl"] = from.keep.limit;
  }
}

} // namespace

void append_settlement(const settlement& from, std::vector<std::string>& args) {
  auto extra = json::object();
  auto finishes = from.kind == settle_kind::complete
                  || from.kind == settle_kind::fail;
  if (finishes)
    add_retention(from, extra);
  if (from.kind == settle_kind::retry_later
      || from.kind == settle_kind::postpone)
    extra["d"] = from.delay_ms;
  if (from.kind == settle_kind::postpone)
    extra["p"] = true;
  if (from.kind == settle_kind::fail)
    extra["a"] = from.max_attempts;
  if (from.stack_trace_limit >= 0 && from.kind != settle_kind::complete)
    extra["s"] = from.stack_trace_limit;
  if (from.lifo)
    extra["l"] = true;
  if (from.codec_died)
    extra["cd"] = true;
  if (from.runner_died)
    extra["rd"] = true;
  if (!from.chained.empty())
    extra["ch"] = chained(from.chained);
  args.push_back(from.job_id);
  args.push_back(from.token);
  args.push_back(std::to_string(from.attempt));
  args.emplace_back(letter(from.kind));
  args.push_back(from.value);
  using handler = json::error_handler_t;
  args.push_back(extra.empty() ? std::string{}
                               : extra.dump(-1, ' ', false, handler::replace));
}

} // namespace darkroom
