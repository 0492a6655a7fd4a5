/// How one provider wants to be asked: what its refusals have taught.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// What a request is for; each kind has fields of its own.
enum class request_kind { description, embedding };

/// The name of the field that limits the answer's tokens.
enum class token_field { max_tokens, max_completion_tokens, none };

/// How the form of the answer is asked for. With `json_object` and `none` the
/// schema stands in the prompt.
enum class answer_format { json_schema, json_object, none };

/// The form of requests to one profile (see `profile_id`). Each member only
/// ever moves forward, from what OpenAI wants to what everybody accepts.
struct request_profile {
  token_field tokens = token_field::max_tokens;
  answer_format format = answer_format::json_schema;
  bool has_detail = true;     ///< `detail` of a picture is sent
  bool has_system = true;     ///< the role "system" is used
  bool has_dimensions = true; ///< the length of a vector is asked for
  bool has_encoding = true;   ///< `encoding_format` is sent
  bool has_more_room = false; ///< answers need twice the usual tokens

  bool operator==(const request_profile&) const = default;
};

/// A profile as JSON: {"tokens": "max_tokens", "format": "json_schema",
/// "detail": true, …}, for Redis and for people.
std::string to_json_text(const request_profile& profile);

/// Reads what `to_json_text` wrote. What is missing or unknown keeps its
/// default, as does all of a text that is not a profile.
request_profile read_profile(const std::string& text);

/// What either of two has learned.
request_profile merged(const request_profile& a, const request_profile& b);

} // namespace darkroom
