#include "services/provider/asking.hpp"
#include "services/provider/profile_id.hpp"
#include "services/provider/without_key.hpp"

#include <chrono>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

/// Calls of one attempt. Only a provider that answers 429 again and again, and
/// always with a short wait, comes so far.
constexpr int max_calls = 12;
constexpr int64_t rest_ms = 10000; // after max_calls

} // namespace

asking::asking(provider_question& question, const provider_access& with)
  : question_(question),
    with_(with),
    profiles_(with.providers.size()) {
  query_.resource = question.kind() == request_kind::embedding ? "embedding"
                                                               : "vision";
  query_.profiles = profiles_of(with.providers);
  query_.answer_key = question.answer_key();
}

result<provider_answer> asking::run() {
  if (with_.providers.front().kind == "local")
    return provider_answer{};
  for (int calls = 0; calls < max_calls; ++calls) {
    auto permit = with_.desk.book(query_);
    if (!permit)
      return after_no_permit(std::move(permit.error()));
    if (auto done = use(*permit))
      return std::move(*done);
  }
  return error{ec::throttled, "gave way after many calls: " + last_, rest_ms};
}

/// A run that is put off begins with the same call again. What it would pay for
/// once more counts as an attempt, so that this ends.
error asking::after_no_permit(error why) const {
  if (why.code != ec::throttled || !must_go_on_)
    return why;
  return {ec::upstream_failed,
          last_ + "; the next call would have to wait: " + why.context};
}

/// Does what the permit allows.
asking::step asking::use(const provider_permit& permit) {
  if (permit.provider >= with_.providers.size())
    return {fail(ec::protocol, "was permitted a provider that is not there")};
  at_ = permit.provider;
  use_.provider = at_;
  use_.model = to().model;
  use_.host = host_of(to());
  if (to().kind == "local")
    return {provider_answer{{}, use_}};
  if (!permit.answer.empty()) {
    if (question_.is_sound(permit.answer, to())) {
      use_.is_cached = true;
      return {provider_answer{permit.answer, use_}};
    }
    query_.answer_key.clear(); // an older version kept it: ask, and replace it
    return std::nullopt;
  }
  given_ = read_profile(permit.profile);
  profile() = merged(profile(), given_);
  return call();
}

asking::step asking::call() {
  must_go_on_ = false;
  report_ = {};
  report_.resource = query_.resource;
  report_.profile_id = query_.profiles[at_];
  if (with_.cancel && *with_.cancel) {
    tell(call_end::not_made, {});
    return {fail(ec::cancelled, "stopped on request")};
  }
  auto path = question_.kind() == request_kind::embedding ? "/embeddings"
                                                          : "/chat/completions";
  json_post post{to().base_url + path, question_.body(to(), profile()),
                 to().api_key, to().timeout};
  who_ = shown_url(post.url);
  begin_span(post);
  auto began = std::chrono::steady_clock::now();
  auto answer = with_.client.exchange(post, with_.cancel);
  report_.elapsed_ms
    = static_cast<uint32_t>(std::chrono::duration_cast<milliseconds>(
                              std::chrono::steady_clock::now() - began)
                              .count());
  if (!answer)
    return after_silence(std::move(answer.error()));
  if (answer->status == 0)
    return after_hang_up();
  return after_answer(*answer);
}

asking::step asking::after_silence(error why) {
  why.context = without_key(why.context, to().api_key);
  last_ = why.context;
  if (why.code == ec::bad_config) {
    tell(call_end::unusable, why.context);
    return std::nullopt;
  }
  tell(call_end::transient, why.context);
  return {std::move(why)};
}

/// A kept connection was closed: one call more, but booked.
asking::step asking::after_hang_up() {
  last_ = who_ + " closed a connection that was kept open, unanswered";
  tell(call_end::transient, last_);
  if (std::exchange(was_hung_up_, true))
    return {fail(ec::upstream_failed, last_)};
  return std::nullopt;
}

void asking::tell(call_end end, std::string words) {
  report_.end = end;
  report_.words = std::move(words);
  end_span(report_);
  with_.desk.report(std::exchange(report_, {}));
}

result<provider_answer> ask_provider(provider_question& question,
                                     const provider_access& with) {
  if (with.providers.empty())
    return fail(ec::bad_config, "there is no provider to ask");
  return asking(question, with).run();
}

} // namespace darkroom
