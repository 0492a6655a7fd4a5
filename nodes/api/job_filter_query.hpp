/// Reads by which filters a request chooses jobs, from its query or its body.
#pragma once

#include "nodes/api/json_body.hpp"
#include "services/http/query.hpp"
#include "services/redis/job_filter.hpp"

#include <optional>

namespace darkroom {

/// Reads `name`, `imageId`, `error`, `after` and `before`.
/// @param refusal gets a 400 if the query, whatever else was read of it, is
///   wrong
job_filter read_job_filter(query_reader& query,
                           std::optional<http_response>& refusal);

/// The same members of a body. A wrong one is refused by the body.
job_filter read_job_filter(json_body& body);

} // namespace darkroom
