#include "nodes/api/search_desk.hpp"

#include "nodes/api/ask.hpp"
#include "services/random/random_id.hpp"
#include "services/text/one_line.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace darkroom {

search_desk::search_desk(node_context& node)
  : node_(node),
    token_(random_id()) {}

result<provider_permit> search_desk::book(provider_query query) {
  query.token = token_;
  query.answer_key.clear(); // the vectors of queries are kept in this process
  auto asked = std::chrono::steady_clock::now();
  auto permit = try_ask<provider_permit>(node_, dispatcher_of(node_), query);
  if (permit && permit->wait_ms != 0)
    return refusal_of(*permit);
  // An answer that took too long does not say anything about now.
  auto took = std::chrono::steady_clock::now() - asked;
  if (permit && took <= node_.config.limits.slack / 2)
    return std::move(*permit);
  give_back(query);
  return fail(ec::timed_out, "the dispatcher did not say in time whether the "
                             "provider may be called");
}

/// For a call that may have been booked, or may still be.
void search_desk::give_back(const provider_query& query) {
  provider_report unused;
  unused.token = token_;
  unused.resource = query.resource;
  unused.profile_id = query.profiles.front();
  unused.end = call_end::not_made;
  if (auto dispatcher = dispatcher_of(node_))
    caf::anon_send(dispatcher, std::move(unused));
}

void search_desk::report(provider_report what) {
  what.token = token_;
  what.words = one_line(what.words, longest_words);
  what.answer_key.clear();
  what.answer.clear();
  if (!try_ask<provider_news>(node_, dispatcher_of(node_), what))
    spdlog::warn("nobody took what became of a search's call to {}",
                 what.profile_id);
}

} // namespace darkroom
