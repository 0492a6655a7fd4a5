/// Which providers may be asked, the preferred first.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <string>
#include <vector>

namespace darkroom {

using provider_list = std::vector<provider_settings>;

/// `cfg.providers`, or if that is empty the one provider that the section's
/// other keys describe. Keys are trimmed, as is a "/" at the end of a URL.
/// @returns ec::bad_config for an unknown kind
result<provider_list> providers_of(const vision_settings& cfg);
result<provider_list> providers_of(const embedding_settings& cfg);

/// The profiles of a list; see `profile_id`.
std::vector<std::string> profiles_of(const provider_list& providers);

/// Who computes: the host of the URL, with its port if the URL names one, in
/// lower case; "local" for a local model.
std::string host_of(const provider_settings& provider);

/// Whether no provider outside this machine may be asked.
bool is_local(const provider_list& providers);

} // namespace darkroom
