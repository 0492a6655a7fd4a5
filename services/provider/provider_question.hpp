/// What is asked of a provider: a description or a vector.
#pragma once

#include "config/provider_settings.hpp"
#include "messages/result.hpp"
#include "services/provider/request_profile.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// What an answer says.
struct reading {
  std::string answer;      ///< as it is kept; empty if there is none
  std::string problem;     ///< why there is no answer: "answered without …"
  std::string said;        ///< the model's text, if it wrote any
  bool is_final = false;   ///< asking again would not help
  bool is_refused = false; ///< the model or a filter does not want to answer
  bool is_cut_off = false; ///< more tokens may help
};

/// One question. The form of its request depends on the provider's profile.
class provider_question {
public:
  virtual ~provider_question() = default;

  virtual request_kind kind() const = 0;

  /// SHA-256 (hex) of all that the answer depends on apart from the provider.
  virtual std::string answer_key() const = 0;

  /// The body of the request, JSON.
  virtual std::string body(const provider_settings& to,
                           const request_profile& profile) const = 0;

  /// Reads the body of an answer that is no error.
  virtual reading read(const nlohmann::json& body,
                       const provider_settings& from) const = 0;

  /// Whether an answer that was kept can be used.
  virtual bool is_sound(const std::string& answer,
                        const provider_settings& from) const = 0;

  /// Lets the next request say what was wrong with an answer.
  virtual void mend(const reading&) {}

  /// Lets the next request be smaller. @returns false if it cannot be
  virtual bool make_smaller() {
    return false;
  }
};

} // namespace darkroom
