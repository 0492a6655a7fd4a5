/// The tables `embeddings`, `search_state` and `vector_changes`.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"
#include "services/catalog/vector_space.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Writes a vector beside those that the image has in other spaces. The first
/// space of a catalog is the one that is searched. Call within a transaction,
/// and last, because of `note_vector_change`.
status put_embedding(database& db, const std::string& image_id,
                     const image_embedding& x, int64_t now);

/// Gives the image's vectors the next number of a change, so that every index
/// hears of it. Call within a transaction, last: all other changes of vectors
/// wait until it ends, which gives them their numbers in the order of commits.
status note_vector_change(database& db, const std::string& image_id);

/// The space that is searched; without a model if there is none yet.
result<vector_space> searched_space(database& db);

/// The floats of a column with a vector.
std::vector<float> floats_of(const statement& row, int column);

} // namespace darkroom
