/// `generate-metadata`: describes the picture; adds `generate-embeddings`.
#pragma once

#include "actors/jobs/job_type.hpp"

namespace darkroom {

/// {imageId, filePath} -> {success, imageId, model}.
outcome run_generate_metadata(job_context& context);

} // namespace darkroom
