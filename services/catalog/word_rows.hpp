/// The table `image_words`: tags, categories and moods, to filter by.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"

#include <string>

namespace darkroom {

/// Replaces the words of an image by those of its new metadata. Call within
/// the transaction that writes the metadata.
status put_words(database& db, const std::string& image_id,
                 const image_metadata& x);

} // namespace darkroom
