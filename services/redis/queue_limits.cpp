/// The limits of `job_queue`: which hold now, and how others hear of them.
#include "services/json/json.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/limits_text.hpp"

#include <utility>

namespace darkroom {

bool job_queue::follow_limits() {
  if (!context_.live || context_.live->round() == round_)
    return false;
  round_ = context_.live->round();
  auto now = context_.live->get();
  settings_.limit_max = now.max;
  settings_.limit_window = now.window;
  context_.resources = std::move(now.resources);
  context_.budget = now.budget;
  context_.answers_kept = std::move(now.answers_kept);
  limits_text_ = limits_text(context_.resources, context_.slack);
  return true;
}

status job_queue::tell_limits() {
  auto key = keys_.own() + "limits";
  auto text = write_json({{"max", settings_.limit_max},
                          {"window", settings_.limit_window.count()},
                          {"hasResources", has_limits(context_.resources)},
                          {"resources", limits_text_}});
  auto done = connection_.call({"SET", key, text});
  if (!done)
    return std::move(done.error());
  return ok;
}

} // namespace darkroom
