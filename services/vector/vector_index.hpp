/// Finds the nearest vectors, exactly, in memory. The catalog keeps the truth;
/// the index is loaded from it.
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

/// One matrix a model, a row a vector; vectors of different models never meet.
/// 100,000 x 512 floats are 205 MB and take about 20 ms a search. Not
/// thread-safe: one actor owns it.
class vector_index {
public:
  vector_index();
  vector_index(vector_index&&) noexcept;
  ~vector_index();

  /// Adds all vectors of the catalog; those that cannot be compared (other
  /// length than their model's, zero) are left out and counted.
  /// @returns how many were left out
  result<size_t> load(catalog_reader& from);

  /// Adds or replaces the vector of `id`, also under another model.
  /// @returns ec::bad_input if the vector is empty, zero, not finite, or not
  ///   as long as the others of its model
  status upsert(const std::string& id, const std::string& model,
                const std::vector<float>& vector);

  /// Forgets `id`. @returns whether it was there
  bool remove(const std::string& id);

  /// The `k` nearest, best first, equal ones by id; none for an unknown model.
  /// @returns ec::bad_input as `upsert`
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
