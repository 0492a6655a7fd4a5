/// Checks of the messages about calls to providers.
#include "actors/bounds.hpp"
#include "actors/validate.hpp"

namespace darkroom {

namespace {

using namespace bounds;

constexpr size_t max_profiles = 16;       // twice what the settings allow
constexpr size_t max_learned = 4096;      // bytes of a profile
constexpr size_t max_answer = 1 << 20;    // bytes of a kept answer
constexpr size_t max_said = 4096;         // bytes of a provider's words
constexpr uint64_t max_tokens = 1 << 30;  // of one call
constexpr uint64_t max_cost = 1ULL << 50; // 10^9 units of money

bool is_resource(const std::string& x) {
  return x == "vision" || x == "embedding";
}

bool is_key(const std::string& x) {
  return x.empty() || is_hash(x);
}

/// Whether a call is a job's or a search's.
std::string caller_problem(const std::string& job_id,
                           const std::string& token) {
  problem out;
  if (job_id.empty())
    out.require(is_name(token), "token is empty, too long or unprintable");
  else
    out.require_run(job_id, token);
  return out.text();
}

} // namespace

std::string validate(const provider_query& call) {
  problem out;
  out.require(caller_problem(call.job_id, call.token), "caller")
    .require(is_resource(call.resource), "unknown resource")
    .require(!call.profiles.empty() && call.profiles.size() <= max_profiles,
             "there are no profiles, or too many")
    .require(is_key(call.answer_key), "answer_key is no hash");
  for (const auto& x : call.profiles)
    out.require(is_printable(x), "a profile is too long or unprintable");
  return out.text();
}

std::string validate(const provider_permit& permit) {
  return problem{}
    .require(permit.wait_ms >= -1 && permit.wait_ms <= max_ms,
             "wait_ms is out of range")
    .require(permit.provider < max_profiles, "provider is out of range")
    .require(permit.profile.size() <= max_learned, "profile is too long")
    .require(permit.answer.size() <= max_answer, "answer is too long")
    .require(permit.why.size() <= max_said, "why is too long")
    .text();
}

std::string validate(const provider_report& call) {
  return problem{}
    .require(caller_problem(call.job_id, call.token), "caller")
    .require(is_resource(call.resource), "unknown resource")
    .require(is_name(call.profile_id),
             "profile_id is empty, too long or unprintable")
    .require(call.end <= call_end::not_made, "unknown end")
    .require(is_printable(call.words, max_said),
             "words are too long or unprintable")
    .require(is_span(call.wait_ms), "wait_ms is out of range")
    .require(call.profile.size() <= max_learned, "profile is too long")
    .require(is_key(call.answer_key), "answer_key is no hash")
    .require(call.answer.size() <= max_answer, "answer is too long")
    .require(call.tokens_in <= max_tokens && call.tokens_out <= max_tokens,
             "more tokens than a call can have")
    .require(call.cost <= max_cost, "cost is out of range")
    .text();
}

} // namespace darkroom
