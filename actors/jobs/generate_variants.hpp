/// `generate-variants`: three widths, each as WebP and AVIF.
#pragma once

#include "actors/jobs/job_type.hpp"

namespace darkroom {

/// {imageId, filePath} -> {success, imageId, variants: n}.
outcome run_generate_variants(job_context& context);

} // namespace darkroom
