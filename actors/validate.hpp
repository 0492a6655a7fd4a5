/// Checks what arrives from another node: CAF checks neither the range of an
/// enum nor the size of a text, and arithmetic trusts what it is given.
#pragma once

#include "messages/cluster.hpp"
#include "messages/node.hpp"

#include <string>

namespace darkroom {

/// @returns what is wrong with the message, naming the member; empty if nothing
std::string validate(const node_hello& hello);
std::string validate(const pool_hello& hello);
std::string validate(const job& work);
std::string validate(const outcome& ended);
std::string validate(const job_update& update);
std::string validate(const cancel_runs& wanted);
std::string validate(const node_report& report);

/// An outcome in place of one that is not valid: its job fails for good,
/// because a lease whose outcome is dropped would never end.
outcome invalid_outcome(const std::string& job_id, const std::string& token,
                        const std::string& problem);

} // namespace darkroom
