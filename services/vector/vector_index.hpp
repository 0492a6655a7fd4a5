/// Finds the nearest vectors of one space, exactly and in memory.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

struct search_hit {
  std::string id;
  float score = 0; ///< cosine, -1 to 1
};

/// One row per vector. A search reads a copy in 8 bits of each (`rough_rows`),
/// and then the floats of those rows that can be among the nearest. 100,000 x
/// 512 floats take 205 MB and their copies 51 MB; docs/benchmarks.md has the
/// times. Not thread-safe.
class vector_index {
public:
  /// @param dimensions floats of each vector
  explicit vector_index(uint32_t dimensions);
  vector_index(vector_index&&) noexcept;
  vector_index& operator=(vector_index&&) noexcept;
  ~vector_index();

  /// Adds the vector of `id`, or replaces it.
  /// @returns ec::bad_input if the vector is empty, zero, not finite, or of
  ///   another length
  status upsert(const std::string& id, const std::vector<float>& vector);

  /// Forgets `id`. @returns whether it was there
  bool remove(const std::string& id);

  /// Which vectors a search is about; an empty function stands for all.
  using id_filter = std::function<bool(const std::string& id)>;

  /// The `k` nearest of the vectors that `keeps` lets pass, best first, equal
  /// scores by id.
  /// @returns the errors of `upsert`
  result<std::vector<search_hit>> search(const std::vector<float>& vector,
                                         size_t k,
                                         const id_filter& keeps = {}) const;

  /// The vector of `id`, L2 norm 1; empty if it is not here.
  std::vector<float> vector_of(const std::string& id) const;

  size_t size() const;

private:
  struct shelf;
  std::unique_ptr<shelf> shelf_;
};

} // namespace darkroom
