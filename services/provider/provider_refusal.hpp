/// What a provider says went wrong, in whichever form it says so.
#pragma once

#include "services/http_client/http_answer.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

struct provider_refusal {
  /// The HTTP status. For an error inside an answer of 200: what that error
  /// amounts to, 500 if it does not say.
  long status = 0;
  /// The names of the error in lower case, with spaces between them: code,
  /// type, status, reasons.
  std::string codes;
  std::string param; ///< the field that is refused; empty if not named
  /// Status and message, with all that stands in `detail` and `metadata`; if
  /// there is no message: status, content type and first 200 bytes of the
  /// body. One line without the key.
  std::string words;
  std::string lower;   ///< the message in lower case, for comparisons
  nlohmann::json body; ///< null if the body is not JSON
};

/// Whether an answer of status 2xx is an error after all: it has an object or a
/// text `error`, at its top or in its first choice.
bool has_error(const nlohmann::json& body);

/// Reads the body of a refusal.
/// @param body of the answer as JSON, null if it is not JSON
/// @param key is not in the texts of the result
provider_refusal read_refusal(const http_answer& answer, nlohmann::json body,
                              const std::string& key);

/// Status, content type and the first 200 bytes of an answer, on one line
/// without the key: `200 text/html "<html>…"`.
std::string quote(const http_answer& answer, const std::string& key);

} // namespace darkroom
