/// Finds the nearest vectors, exactly and in memory. The index is loaded from
/// the catalog, which has the stored vectors.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

class catalog_reader;

struct search_hit {
  std::string id;
  float score = 0; ///< cosine, -1 to 1
};

/// One matrix per model and one row per vector; vectors of different models are
/// never compared. 100,000 x 512 floats take 205 MB and about 20 ms per search.
/// Not thread-safe: one actor owns it.
class vector_index {
public:
  vector_index();
  vector_index(vector_index&&) noexcept;
  ~vector_index();

  /// Adds all vectors of the catalog. Leaves out and counts those that cannot
  /// be compared: zero, or of another length than their model's other vectors.
  /// @returns how many were left out
  result<size_t> load(catalog_reader& from);

  /// Adds the vector of `id`, or replaces it, also if it has another model.
  /// @returns ec::bad_input if the vector is empty, zero, not finite, or of
  ///   another length than the others of its model
  status upsert(const std::string& id, const std::string& model,
                const std::vector<float>& vector);

  /// Forgets `id`. @returns whether it was there
  bool remove(const std::string& id);

  /// The `k` nearest vectors, best first, equal scores by id. Empty for an
  /// unknown model.
  /// @returns the errors of `upsert`
  result<std::vector<search_hit>> search(const std::string& model,
                                         const std::vector<float>& vector,
                                         size_t k) const;

  size_t size() const;

private:
  struct shelf;
  shelf* shelf_of(const std::string& id);

  std::map<std::string, std::unique_ptr<shelf>> shelves_; ///< by model
};

} // namespace darkroom
