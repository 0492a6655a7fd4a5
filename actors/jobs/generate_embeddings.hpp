/// `generate-embeddings`: the picture's vector for search.
#pragma once

#include "actors/jobs/job_type.hpp"

namespace darkroom {

/// {imageId, metadata, filePath} -> {success, imageId, model, dimensions}.
outcome run_generate_embeddings(job_context& context);

} // namespace darkroom
