#include "services/redis/budget_text.hpp"

#include <nlohmann/json.hpp>

#include <ctime>

namespace darkroom {

namespace {

constexpr int64_t day_ms = 86400000; // UTC has no longer days for time_t

nlohmann::json bounds_of(const call_bounds& x) {
  return {x.requests, x.tokens, x.money};
}

} // namespace

std::string day_of(int64_t ms) {
  auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

int64_t begin_of_day(int64_t ms) {
  return ms / day_ms * day_ms;
}

int64_t end_of_day(int64_t ms) {
  return begin_of_day(ms) + day_ms;
}

std::string budget_text(const call_budget& budget, int64_t now) {
  return nlohmann::json{{"day", day_of(now)},
                        {"ends", end_of_day(now)},
                        {"local", budget.goes_local},
                        {"most",
                         {{"vision", bounds_of(budget.vision)},
                          {"embedding", bounds_of(budget.embedding)},
                          {"total", bounds_of(budget.total)}}}}
    .dump();
}

} // namespace darkroom
