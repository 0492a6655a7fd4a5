#include "services/redis/budget_lines.hpp"

#include "services/redis/budget_text.hpp"

namespace darkroom {

std::vector<budget_line> budget_lines(const budget_settings& budget,
                                      const day_spending& spent) {
  std::vector<budget_line> out;
  auto add = [&](const std::string& scope, const budget_bounds& bounds) {
    auto used = [&](const std::string& kind) {
      auto found = spent.find(scope + "." + kind);
      return found == spent.end() ? 0.0 : static_cast<double>(found->second);
    };
    out.push_back({scope, "requests", used("requests"),
                   static_cast<double>(bounds.requests)});
    out.push_back(
      {scope, "tokens", used("tokens"), static_cast<double>(bounds.tokens)});
    out.push_back({scope, "money", used("money") / 1e6, bounds.money});
  };
  add("vision", budget.vision);
  add("embedding", budget.embedding);
  add("total", budget.total);
  return out;
}

int64_t runs_out_at(const budget_line& x, int64_t now) {
  auto begin = begin_of_day(now);
  if (x.most <= 0 || x.used <= 0)
    return 0;
  auto at = static_cast<double>(begin)
            + static_cast<double>(now - begin) * x.most / x.used;
  return at < static_cast<double>(end_of_day(now)) ? static_cast<int64_t>(at)
                                                   : 0;
}

nlohmann::json to_json(const std::vector<budget_line>& lines, int64_t now) {
  auto bounds = nlohmann::json::array();
  for (const auto& x : lines) {
    nlohmann::json line{{"scope", x.scope}, {"kind", x.kind}, {"used", x.used}};
    if (x.most > 0)
      line["most"] = x.most;
    if (auto at = runs_out_at(x, now); at > 0)
      line["runsOutAt"] = at;
    bounds.push_back(std::move(line));
  }
  return {{"day", day_of(now)},
          {"ends", end_of_day(now)},
          {"bounds", std::move(bounds)}};
}

} // namespace darkroom
