/// The queue's calls to providers: permits, reports, and the end of a rest.
#include "services/redis/budget_text.hpp"
#include "services/redis/job_queue.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

int64_t job_queue::kept_for(const std::string& resource) const {
  auto found = context_.answers_kept.find(resource);
  return found == context_.answers_kept.end() ? 0 : found->second.count();
}

result<provider_permit> job_queue::book_call(const provider_query& call,
                                             int64_t now) {
  follow_limits();
  auto time = std::to_string(now);
  auto budget = budget_text(context_.budget, now);
  // Where answers are not kept, nobody can wait for the answer of another.
  std::string_view answer_key;
  if (kept_for(call.resource) > 0)
    answer_key = call.answer_key;
  std::vector<std::string_view> args{keys_.base(),  keys_.own(), time,
                                     call.job_id,   call.token,  limits_text_,
                                     call.resource, answer_key,  budget};
  args.insert(args.end(), call.profiles.begin(), call.profiles.end());
  auto reply = connection_.script("book_call.lua", args);
  if (!reply)
    return std::move(reply.error());
  provider_permit out;
  out.wait_ms = number_in_reply(**reply, 0);
  out.provider = static_cast<uint32_t>(number_in_reply(**reply, 1));
  out.profile = text_in_reply(**reply, 2);
  out.answer = text_in_reply(**reply, 3);
  out.why = text_in_reply(**reply, 4);
  out.is_rest = number_in_reply(**reply, 5) == 1;
  return out;
}

result<provider_news> job_queue::report_call(const provider_report& call,
                                             int64_t now) {
  follow_limits();
  std::vector<std::string> args{
    keys_.base(),
    keys_.own(),
    std::to_string(now),
    call.job_id,
    call.token,
    limits_text_,
    call.resource,
    call.answer_key,
    budget_text(context_.budget, now),
    call.profile_id,
    to_string(call.end),
    call.words,
    std::to_string(call.wait_ms),
    call.profile,
    call.answer,
    std::to_string(kept_for(call.resource)),
    std::to_string(call.tokens_in + call.tokens_out),
    std::to_string(call.cost)};
  auto reply = connection_.script("report_call.lua",
                                  {args.begin(), args.end()});
  if (!reply)
    return std::move(reply.error());
  provider_news out;
  out.change = text_in_reply(**reply, 0);
  out.until = number_in_reply(**reply, 1);
  out.rounds = static_cast<uint32_t>(number_in_reply(**reply, 2));
  for (size_t i = 3; i < (*reply)->elements; ++i)
    out.spent.emplace_back(text_in_reply(**reply, i));
  return out;
}

result<std::vector<std::string>>
job_queue::end_rest(const std::string& resource, bool of_providers,
                    int64_t now) {
  follow_limits();
  auto time = std::to_string(now);
  return ids_of(connection_.script(
    "end_rest.lua", {keys_.base(), keys_.own(), time, limits_text_, resource,
                     of_providers ? "1" : "0"}));
}

} // namespace darkroom
