/// Calls to the provider of a model, by a job or a search: what it asks the
/// main node before a call, and what it tells it afterwards. The main node
/// keeps one state per profile for the whole cluster: limits, breaker, budget,
/// what was learned, and answers.
#pragma once

#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A running job or a search wants to call a provider.
struct provider_query {
  std::string job_id; ///< empty: a search, which its token alone names
  std::string token;
  std::string resource; ///< "vision" or "embedding"
  /// Ids of the profiles that may be asked, the preferred first: see
  /// `profile_id`. An empty id is a local model, which needs no permit.
  std::vector<std::string> profiles;
  /// SHA-256 (hex) of what is sent apart from the profile; empty: the answer is
  /// not kept, nor shared with another job.
  std::string answer_key;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, provider_query& x) {
  return versioned(f, "provider_query", x, x.job_id, x.token, x.resource,
                   x.profiles, x.answer_key);
}

/// The answer to a `provider_query`.
struct provider_permit {
  /// 0: call now, the call is booked, or `answer` is not empty; more: ask again
  /// after so many ms; -1: another run owns the lease
  int64_t wait_ms = 0;
  /// The wait is not for a limit or another job's answer: the job's slot is
  /// better used by others.
  bool is_rest = false;
  uint32_t provider = 0; ///< which of the query's profiles to call
  std::string profile;   ///< what was learned about it, JSON; empty: nothing
  std::string answer;    ///< the answer that is known already; empty: none
  std::string why;       ///< why the call has to wait; may be empty
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, provider_permit& x) {
  return versioned(f, "provider_permit", x, x.wait_ms, x.is_rest, x.provider,
                   x.profile, x.answer, x.why);
}

/// What became of a call.
enum class call_end : uint8_t {
  answered,   ///< with a usable answer
  bad_answer, ///< with an answer (paid for) that cannot be used
  adapted,    ///< refused; the profile was changed because of it
  refused,    ///< refused for good, for this picture or text only
  unusable,   ///< the provider is not usable: key, quota, model
  throttled,  ///< asked to wait
  transient,  ///< failed, may work the next time
  not_made,   ///< booked, but not made
};

/// "answered", …: also the word in Redis and in metrics.
const char* to_string(call_end end);

/// A call has ended.
struct provider_report {
  std::string job_id; ///< as in the query
  std::string token;
  std::string resource;
  std::string profile_id;
  call_end end = call_end::answered;
  std::string words;   ///< the provider's own, without keys; may be empty
  int64_t wait_ms = 0; ///< the provider asks to wait so long; 0: does not say
  std::string profile; ///< what was learned, JSON; empty: nothing new
  std::string answer_key; ///< as in the query
  std::string answer;     ///< to be kept under `answer_key`; empty: none
  uint64_t tokens_in = 0; ///< that the provider counted (`usage`)
  uint64_t tokens_out = 0;
  uint64_t cost = 0;       ///< millionths of the unit of the prices
  uint32_t elapsed_ms = 0; ///< from the request to the end of the answer
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, provider_report& x) {
  return versioned(f, "provider_report", x, x.job_id, x.token, x.resource,
                   x.profile_id, x.end, x.words, x.wait_ms, x.profile,
                   x.answer_key, x.answer, x.tokens_in, x.tokens_out, x.cost,
                   x.elapsed_ms);
}

/// What a report changed for the whole cluster.
struct provider_news {
  std::string change;  ///< "opened", "closed", or empty: nothing
  int64_t until = 0;   ///< opened: rests until then, ms since the epoch
  uint32_t rounds = 0; ///< how often it has refused in a row
  /// Bounds of the budget that are used up to 80 or 100 percent since this
  /// call: "80 vision.money", …
  std::vector<std::string> spent;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, provider_news& x) {
  return versioned(f, "provider_news", x, x.change, x.until, x.rounds, x.spent);
}

/// Tells the operators about a provider or the budget.
struct provider_alert {
  std::string resource;
  std::string profile_id; ///< empty: it is about the budget
  std::string state;      ///< "resting", "working", "80 %", "spent"
  std::string words;      ///< why; may be empty
  int64_t until = 0;      ///< resting: ms since the epoch
  int64_t timestamp = 0;  ///< ms
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, provider_alert& x) {
  return versioned(f, "provider_alert", x, x.resource, x.profile_id, x.state,
                   x.words, x.until, x.timestamp);
}

} // namespace darkroom
