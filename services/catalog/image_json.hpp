/// Images in the form of the HTTP API: camelCase, times in ms.
#pragma once

#include "services/catalog/image_record.hpp"

#include <nlohmann/json.hpp>

namespace darkroom {

/// {imageId, filePath, status, error, createdAt, updatedAt, processedAt,
/// blurHash, dominantColor, perceptualHash, avifEffort (null before the
/// variants are made), parts{<part>: {status, error, jobId, attempt,
/// updatedAt}, and `value` if its job left one}, metadata{…} or null,
/// variants[…], embedding{model,
/// dimensions, host, textHash, stale, searched} or null}
nlohmann::json to_json(const image_record& image);

/// {images[…], total}
nlohmann::json to_json(const image_page& page);

/// The metadata in the form of the HTTP API (docs/catalog.md), which the data
/// of a generate-embeddings job use as well.
nlohmann::json to_json(const image_metadata& metadata);

} // namespace darkroom
