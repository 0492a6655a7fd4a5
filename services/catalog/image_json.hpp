/// Images as the HTTP API shows them: camelCase, times in ms.
#pragma once

#include "services/catalog/image_record.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

/// {imageId, filePath, status, error, createdAt, updatedAt, processedAt,
/// parts{<part>: {status, error, jobId, attempt, updatedAt}, with a `value` if
/// its job left one},
/// metadata{…} or null, variants[…], embedding{model, dimensions} or null}
nlohmann::json to_json(const image_record& image);

/// {images[…], total}
nlohmann::json to_json(const image_page& page);

/// The metadata as the HTTP API gives it (docs/catalog.md), and as the data of
/// a generate-embeddings job have it.
nlohmann::json to_json(const image_metadata& metadata);

} // namespace darkroom
