/// `generate-variants`: the files of `[[variants]]`.
#pragma once

#include "actors/jobs/job_type.hpp"

namespace darkroom {

/// {imageId, filePath} -> {success, imageId, variants: n}.
outcome run_generate_variants(job_context& context);

} // namespace darkroom
