/// Mends what is wrong with an image.
#pragma once

#include "services/fsck/fsck_stores.hpp"
#include "services/fsck/image_judge.hpp"

#include <cstdint>

namespace darkroom {

/// Adds the jobs and notes the failures that the verdict asks for. The ids of
/// the jobs are made from the parts' newest stamps, so that no other repair
/// adds them once more. All is fenced: if a job began a part meanwhile, or the
/// image was deleted after `now`, this has no effect.
/// @param now when the look began that gave the verdict, ms
status mend_image(fsck_stores& stores, const audited_image& x,
                  const image_verdict& verdict, int64_t now);

} // namespace darkroom
