/// Names what a provider's limits, breaker and learned profile belong to.
#pragma once

#include "config/provider_settings.hpp"

#include <string>

namespace darkroom {

/// "gpt-4o@api.openai.com#3f9c01d2aa": the model, the host, and a hash of kind,
/// base URL, key and model; the key cannot be found from it. Empty for a local
/// model. A new key, URL or model is another
/// profile.
std::string profile_id(const provider_settings& provider);

} // namespace darkroom
