/// A provider of a model: an entry of [[vision.providers]] or
/// [[embedding.providers]], or the keys of [vision] or [embedding] themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

struct provider_settings {
  std::string kind = "openai"; ///< "openai" (an API like OpenAI's) or "local"
  std::string base_url;        ///< without a "/" at its end
  std::string api_key; ///< secret, without space around it; may be empty
  std::string model;
  uint32_t dimensions = 512; ///< of an embedding
  std::chrono::milliseconds timeout{60000};
  /// Money per million tokens that are sent, and that are answered; 0: not
  /// counted. The currency is the reader's.
  double price_in = 0;
  double price_out = 0;
};

/// For people, without the key: "gpt-4o at https://api.openai.com/v1".
std::string describe(const provider_settings& x);

/// A key of a provider's table, for the reference.
struct provider_key {
  std::string name;
  std::string allowed;
  std::string about;
};

/// All of them.
const std::vector<provider_key>& provider_keys();

} // namespace darkroom
