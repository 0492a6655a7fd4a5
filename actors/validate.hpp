/// Checks what arrives from another node: CAF checks neither the range of an
/// enum nor the size of a text, and arithmetic trusts what it is given.
#pragma once

#include "messages/cluster.hpp"
#include "messages/node.hpp"
#include "messages/permit.hpp"

#include <caf/actor_addr.hpp>

#include <string>

namespace darkroom {

/// Whether a text may stand in a line of the log, and is not empty.
bool is_name(const std::string& text);

/// Of a batch only its length: what is in it is looked at one by one, so that
/// one that is wrong takes no other along.
std::string validate(const job_batch& batch);
std::string validate(const outcome_batch& batch);
std::string validate(const update_batch& batch);

/// @returns what is wrong with the message, naming the member; empty if nothing
std::string validate(const node_hello& hello);
std::string validate(const node_welcome& welcome);
std::string validate(const node_order& order);
std::string validate(const pool_hello& hello);
std::string validate(const job& work);
std::string validate(const outcome& ended);
std::string validate(const job_update& update);
std::string validate(const call_request& call);
std::string validate(const cancel_runs& wanted);
std::string validate(const node_report& report);
std::string validate(const chaos_order& order);

/// Logs who sent a message that is not valid, and what is wrong with it.
/// @param what "pool dropped a job"
/// @param problem what `validate` says
/// @returns whether there is a problem
bool is_dropped(const std::string& problem, const char* what,
                const caf::actor_addr& sender);

/// An outcome in place of one that is not valid: its job fails for good,
/// because a lease whose outcome is dropped would never end.
outcome invalid_outcome(const std::string& job_id, const std::string& token,
                        const std::string& problem);

} // namespace darkroom
