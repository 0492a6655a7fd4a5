#include "nodes/remake/redescribe.hpp"

#include "config/clock.hpp"
#include "config/words.hpp"
#include "services/provider/profile_id.hpp"
#include "services/provider/provider_list.hpp"
#include "services/redis/budget_lines.hpp"
#include "services/redis/budget_text.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/provider_book.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr double most_of_budget = .8;
constexpr uint64_t most_at_once = 100;

/// Whether other work comes first, a trial is under way, or calls may soon cost
/// too much.
result<bool> is_busy(const settings& config, bool is_trial) {
  auto counts = job_queue{config.redis, config.queue}.counts();
  if (!counts)
    return std::move(counts.error());
  if (counts->waiting + counts->prioritized > 0
      || (is_trial && counts->active > 0))
    return true;
  provider_book book{config.redis, config.queue};
  auto spent = book.spent_on(day_of(wall_clock_ms()));
  if (!spent)
    return std::move(spent.error());
  auto in_force = config;
  limit_overrides overrides{config.redis, config.queue};
  if (auto changed = overrides.apply(in_force); !changed)
    return std::move(changed.error());
  auto lines = budget_lines(in_force.budget, *spent);
  return std::any_of(lines.begin(), lines.end(), [](const auto& x) {
    return x.scope != "embedding" && x.most > 0
           && x.used >= most_of_budget * x.most;
  });
}

} // namespace

result<uint64_t> most_redescribed(const settings& config) {
  auto providers = providers_of(config.vision);
  if (!providers)
    return std::move(providers.error());
  provider_book book{config.redis, config.queue};
  auto known = book.providers();
  if (!known)
    return std::move(known.error());
  auto first = profile_id(providers->front());
  if (first.empty())
    return any_number; // a local model always works
  auto found = std::find_if(known->begin(), known->end(),
                            [&first](const auto& x) { return x.id == first; });
  if (found == known->end())
    return uint64_t{1};
  if (found->resting_until > wall_clock_ms())
    return uint64_t{0};
  auto works = found->has_answered && found->resting_until == 0;
  return works ? any_number : uint64_t{1};
}

result<remake_count> redescribe(const settings& config, uint64_t most) {
  remake_plan plan;
  plan.part = image_part::metadata;
  plan.reason = "redescribe";
  plan.find = [](catalog_reader& reader, const std::string& after,
                 int64_t limit) {
    return reader.poorly_described(1, after, limit);
  };
  plan.most = most;
  return remake(config, plan);
}

status redescribe_if_possible(const settings& config) {
  auto most = most_redescribed(config);
  if (!most)
    return std::move(most.error());
  if (*most == 0)
    return ok;
  auto busy = is_busy(config, *most == 1);
  if (!busy)
    return std::move(busy.error());
  if (*busy)
    return ok;
  auto count = redescribe(config, std::min(*most, most_at_once));
  if (!count)
    return std::move(count.error());
  if (count->added > 0)
    spdlog::info("{} will be described again, by the first provider",
                 counted(count->added, "picture"));
  return ok;
}

} // namespace darkroom
