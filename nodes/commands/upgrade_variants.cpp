#include "nodes/commands/upgrade_variants.hpp"

#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/remake/remake.hpp"
#include "services/text/shown_json.hpp"

namespace darkroom {

int upgrade_variants(const settings& config, uint32_t effort, bool is_json) {
  remake_plan plan;
  plan.part = image_part::variants;
  plan.reason = "upgrade-" + std::to_string(effort);
  plan.more = {{"avifEffort", effort}};
  plan.find = [effort](catalog_reader& reader, const std::string& after,
                       int64_t limit) {
    return reader.hasty_images(effort, after, limit);
  };
  auto count = remake(config, plan);
  if (!count)
    return report(count.error());
  if (is_json)
    say(shown_json({{"added", count->added},
                    {"existed", count->existed},
                    {"missing", count->missing},
                    {"avifEffort", effort}}));
  else if (count->added + count->existed + count->missing == 0)
    say("every picture in the catalog has AVIFs of effort "
        + std::to_string(effort) + " or more");
  else
    say(counted(count->added, "picture") + " will be encoded again at effort "
        + std::to_string(effort) + ", when no other job waits"
        + rest_of(*count));
  return exit_ok;
}

} // namespace darkroom
