/// The steps of an attempt after a provider has answered.
#include "config/clock.hpp"
#include "services/provider/adapt.hpp"
#include "services/provider/asking.hpp"
#include "services/provider/classify.hpp"
#include "services/provider/retry_hint.hpp"
#include "services/provider/without_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace darkroom {

namespace {

constexpr int max_refusals
  = 4; // calls of a job that are refused for their form

double real_random() {
  constexpr uint32_t steps = 1001;
  return randombytes_uniform(steps) / (steps - 1.0);
}

} // namespace

asking::step asking::after_answer(const http_answer& answer) {
  span_.set("http.response.status_code", int64_t{answer.status});
  auto body = read_body(answer.body);
  auto is_fine = answer.status >= 200 && answer.status < 300;
  if (!is_fine || (body && has_error(*body)))
    return after_refusal(answer, std::move(body));
  reading said;
  if (body) {
    count(read_tokens(*body));
    said = question_.read(*body, to());
  } else {
    said.problem = "with something else than JSON";
  }
  if (!said.answer.empty())
    return finish(std::move(said.answer));
  last_ = who_ + " answered " + without_key(said.problem, to().api_key);
  if (said.said.empty())
    last_ += ": " + quote(answer, to().api_key);
  return after_bad_answer(said);
}

asking::step asking::after_bad_answer(const reading& said) {
  if (said.is_refused) {
    tell(call_end::refused, last_);
    return {fail(ec::upstream_refused, last_)};
  }
  tell(call_end::bad_answer, last_);
  if (said.is_final || std::exchange(was_mended_, true))
    return {fail(ec::upstream_refused, last_)};
  auto has_room = profile().tokens == token_field::none
                  || profile().has_more_room;
  if (said.is_cut_off && !has_room)
    profile().has_more_room = true;
  else
    question_.mend(said);
  must_go_on_ = true;
  return std::nullopt;
}

asking::step asking::after_refusal(const http_answer& answer,
                                   std::optional<nlohmann::json> body) {
  auto refusal = read_refusal(answer, std::move(body).value_or(nullptr),
                              to().api_key);
  auto hint = retry_hint(answer, refusal, wall_clock_ms());
  auto what = classify(refusal, hint);
  if (what.may_adapt && ++refusals_ < max_refusals)
    if (auto changed = adapt(profile(), refusal, question_.kind())) {
      profile() = *changed;
      report_.profile = to_json_text(profile());
      tell(call_end::adapted, refusal.words);
      return std::nullopt;
    }
  last_ = who_ + " answered " + refusal.words;
  if (what.is_too_large && question_.make_smaller()) {
    tell(call_end::adapted, refusal.words);
    must_go_on_ = true;
    return std::nullopt;
  }
  auto advice = advice_for(refusal);
  refusal.words += advice;
  last_ += advice;
  report_.wait_ms = with_jitter(hint,
                                with_.random ? with_.random() : real_random());
  tell(what.end, refusal.words);
  if (what.end == call_end::refused)
    return {fail(ec::upstream_refused, last_)};
  if (what.end == call_end::transient)
    return {fail(ec::upstream_failed, last_)};
  return std::nullopt;
}

asking::step asking::finish(std::string answer) {
  if (profile() != given_)
    report_.profile = to_json_text(profile());
  report_.answer_key = question_.answer_key();
  report_.answer = answer;
  tell(call_end::answered, {});
  return {provider_answer{std::move(answer), use_}};
}

void asking::count(token_use tokens) {
  report_.tokens_in = tokens.in;
  report_.tokens_out = tokens.out;
  // Prices are for a million tokens, costs in millionths: both cancel out.
  auto cost = static_cast<double>(tokens.in) * to().price_in
              + static_cast<double>(tokens.out) * to().price_out;
  constexpr double most = 1e15;
  report_.cost
    = static_cast<uint64_t>(std::llround(std::clamp(cost, 0.0, most)));
  use_.tokens_in += tokens.in;
  use_.tokens_out += tokens.out;
  use_.cost += report_.cost;
}

} // namespace darkroom
