/// One attempt to get one answer: the steps of `ask_provider`.
#pragma once

#include "services/provider/ask_provider.hpp"
#include "services/provider/completion.hpp"
#include "services/trace/tracer.hpp"

#include <optional>
#include <vector>

namespace darkroom {

/// Books, calls and reports until the attempt ends. Each step after a call
/// either ends the attempt or lets another call be booked.
class asking {
public:
  asking(provider_question& question, const provider_access& with);

  result<provider_answer> run();

private:
  /// The end of the attempt; none: the next call is booked.
  using step = std::optional<result<provider_answer>>;

  error after_no_permit(error why) const;
  step use(const provider_permit& permit);
  step call();
  step after_silence(error why);
  step after_hang_up();
  step after_answer(const http_answer& answer);
  step after_bad_answer(const reading& said);
  step after_refusal(const http_answer& answer,
                     std::optional<nlohmann::json> body);
  step finish(std::string answer);

  void begin_span(json_post& post);
  void end_span(const provider_report& ended);
  void count(token_use tokens);
  void tell(call_end end, std::string words);

  const provider_settings& to() const {
    return with_.providers[at_];
  }

  request_profile& profile() {
    return profiles_[at_];
  }

  provider_question& question_;
  const provider_access& with_;
  std::vector<request_profile> profiles_; ///< as far as this attempt knows
  provider_query query_;
  uint32_t at_ = 0;       ///< the provider that is called
  std::string who_;       ///< its URL
  request_profile given_; ///< by the permit
  provider_report report_;
  span_scope span_; ///< of the call
  model_use use_;
  std::string last_; ///< the latest trouble, for people
  int refusals_ = 0;
  bool was_mended_ = false;
  bool was_hung_up_ = false;
  bool must_go_on_ = false; ///< only this attempt knows how to ask now
};

} // namespace darkroom
