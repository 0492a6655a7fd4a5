#include "services/notify/webhook.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace darkroom {

webhook::webhook(notify_settings cfg) : cfg_(std::move(cfg)) {}

status webhook::tell(const final_failure& what,
                     const std::atomic<bool>* cancel) {
  if (cfg_.webhook.empty())
    return ok;
  nlohmann::json body{{"type", "image-processing-failed"},
                      {"imageId", what.image_id},
                      {"jobId", what.job_id},
                      {"jobName", what.job_name},
                      {"error", what.error},
                      {"attempts", what.attempts},
                      {"timestamp", what.timestamp}};
  json_post post{cfg_.webhook,
                 body.dump(-1, ' ', false,
                           nlohmann::json::error_handler_t::replace),
                 {},
                 cfg_.timeout};
  post.advice
    = no_advice; // keeps hints about keys and models out of the errors
  auto answer = client_.send(post, cancel);
  if (!answer)
    return std::move(answer.error());
  return ok;
}

} // namespace darkroom
