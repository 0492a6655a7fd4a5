/// Checks messages from other nodes. CAF checks neither the range of an enum
/// nor the size of a text, and our arithmetic trusts its input.
#pragma once

#include "messages/cluster.hpp"
#include "messages/known_result.hpp"
#include "messages/node.hpp"
#include "messages/permit.hpp"
#include "messages/provider_call.hpp"

#include <caf/actor_addr.hpp>

#include <string>

namespace darkroom {

/// Whether a text is not empty and may be part of a line of the log.
bool is_name(const std::string& text);

/// Checks only the length of a batch. Its elements are checked one by one, so
/// that a wrong one does not make the others fail.
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
std::string validate(const provider_query& call);
std::string validate(const provider_permit& permit);
std::string validate(const provider_report& call);
std::string validate(const result_query& query);
std::string validate(const known_result& found);
std::string validate(const cancel_runs& wanted);
std::string validate(const node_report& report);
std::string validate(const chaos_order& order);

/// If a message is not valid, logs its sender and what is wrong with it.
/// @param what "pool dropped a job"
/// @param problem what `validate` says
/// @returns whether there is a problem
bool is_dropped(const std::string& problem, const char* what,
                const caf::actor_addr& sender);

/// Replaces an invalid outcome. The job fails for good, because its lease would
/// never end if the outcome were dropped.
outcome invalid_outcome(const std::string& job_id, const std::string& token,
                        const std::string& problem);

} // namespace darkroom
