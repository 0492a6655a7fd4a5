/// Learns from a refusal how a provider wants to be asked.
#pragma once

#include "services/provider/provider_refusal.hpp"
#include "services/provider/request_profile.hpp"

#include <optional>

namespace darkroom {

/// The profile with the one thing changed that the refusal is about, by its
/// `param` or else by its message. Only what a request of this kind contains is
/// changed.
/// @returns nothing if the refusal is about something else, or about something
///   that is left out already
std::optional<request_profile> adapt(const request_profile& profile,
                                     const provider_refusal& refusal,
                                     request_kind kind);

} // namespace darkroom
