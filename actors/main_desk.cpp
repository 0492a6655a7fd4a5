#include "actors/main_desk.hpp"

#include "actors/validate.hpp"
#include "config/defaults.hpp"
#include "services/text/one_line.hpp"

#include <caf/scoped_actor.hpp>
#include <spdlog/spdlog.h>

namespace darkroom {

namespace {

/// The twin of PATIENCE in services/redis/lua/book_call.lua.
constexpr std::chrono::milliseconds patience{10000};

/// A run that begins anew would make the first call again.
constexpr std::chrono::milliseconds patience_amid_attempt{120000};

} // namespace

main_desk::main_desk(caf::actor_system& system, processor_pool_actor pool,
                     const job& work, run_control& control,
                     std::chrono::milliseconds slack)
  : system_(system),
    pool_(std::move(pool)),
    work_(work),
    control_(control),
    slack_(slack) {}

std::optional<provider_permit> main_desk::ask(const provider_query& query) {
  std::optional<provider_permit> out;
  caf::scoped_actor asker{system_};
  asker->request(pool_, actor_timeout, query)
    .receive([&out](provider_permit& got) { out = std::move(got); },
             [](const caf::error&) {});
  if (out
      && (out->provider >= query.profiles.size()
          || is_dropped(validate(*out), "processor dropped a permit",
                        caf::actor_cast<caf::actor_addr>(pool_))))
    return std::nullopt;
  return out;
}

result<provider_permit> main_desk::book(provider_query query) {
  query.job_id = work_.id;
  query.token = work_.token;
  auto longest = is_amid_attempt_ ? patience_amid_attempt : patience;
  while (!control_.is_cancelled()) {
    auto asked = std::chrono::steady_clock::now();
    auto permit = ask(query);
    if (!permit) {
      control_.sleep_for(retry_interval);
      continue;
    }
    if (permit->wait_ms < 0)
      return fail(ec::fenced, "the lease of this job is another's");
    if (permit->wait_ms > 0
        && (permit->is_rest || permit->wait_ms > longest.count()))
      return refusal_of(*permit);
    if (permit->wait_ms > 0) {
      control_.sleep_for(std::chrono::milliseconds{permit->wait_ms});
      continue;
    }
    // An answer that took too long does not say anything about now.
    if (!permit->answer.empty()
        || std::chrono::steady_clock::now() - asked <= slack_)
      return std::move(*permit);
    control_.sleep_for(retry_interval);
  }
  return fail(ec::cancelled, "stopped on request");
}

void main_desk::report(provider_report what) {
  what.job_id = work_.id;
  what.token = work_.token;
  what.words = one_line(what.words, longest_words);
  is_amid_attempt_ = what.end == call_end::bad_answer
                     || what.end == call_end::adapted;
  // Until the main node has it: it may be another one by then.
  for (auto tries = 0; tries < 10; ++tries) {
    auto is_stored = false;
    caf::scoped_actor asker{system_};
    asker->request(pool_, store_timeout, what)
      .receive([&is_stored](const provider_news&) { is_stored = true; },
               [](const caf::error&) {});
    if (is_stored)
      return;
    control_.sleep_for(retry_interval * 5);
  }
  spdlog::warn("nobody took what became of a call to {} by job {}",
               what.profile_id, work_.id);
}

} // namespace darkroom
