/// Asks the providers of a list until one of them answers.
#pragma once

#include "services/http_client/http_client.hpp"
#include "services/provider/model_use.hpp"
#include "services/provider/provider_desk.hpp"
#include "services/provider/provider_list.hpp"
#include "services/provider/provider_question.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace darkroom {

/// What a job or a search asks with. Everything borrowed lives longer than the
/// call.
struct provider_access {
  const provider_list& providers;
  http_client& client;
  provider_desk& desk;
  const std::atomic<bool>* cancel = nullptr; ///< null means never cancelled
  /// Random numbers from 0 to 1, for the jitter of waits. Empty: real ones.
  std::function<double()> random = {};
};

struct provider_answer {
  std::string text; ///< see `reading::answer`; empty: the local model is asked
  model_use use;
};

/// Books, makes and reports calls. In the same attempt it changes the form of a
/// request that is refused (at most 4 such calls), halves a picture that is too
/// large (once), asks again after an answer that cannot be used (once), and
/// goes on with whichever provider the desk names after one that is throttled
/// or unusable.
/// @returns an answer without text if the desk names a local model;
///   ec::upstream_refused if another attempt would fare no better;
///   ec::upstream_failed or ec::timed_out if it may, also if the desk permits
///   no further call; the errors of `provider_desk::book`; ec::cancelled
result<provider_answer> ask_provider(provider_question& question,
                                     const provider_access& with);

} // namespace darkroom
