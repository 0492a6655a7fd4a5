#include "services/vector/vector_index.hpp"

#include <Eigen/Core>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace darkroom {

namespace {

using matrix
  = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index at(size_t row) {
  return static_cast<Eigen::Index>(row);
}

/// Scales a vector to L2 norm 1.
result<Eigen::VectorXf> unit(const std::vector<float>& from,
                             Eigen::Index dimensions) {
  if (at(from.size()) != dimensions)
    return fail(ec::bad_input, "a vector of " + std::to_string(from.size())
                                 + " floats does not fit vectors of "
                                 + std::to_string(dimensions));
  Eigen::VectorXf vector = Eigen::Map<const Eigen::VectorXf>(from.data(),
                                                             dimensions);
  auto norm = vector.size() ? vector.norm() : 0.0f;
  if (!std::isfinite(norm) || norm <= 0)
    return fail(ec::bad_input, "a vector of " + std::to_string(from.size())
                                 + " floats has no direction: it is empty, "
                                   "zero or not finite");
  vector /= norm;
  return vector;
}

/// Asks for pages of 2 MB, as far as they fit: a search reads all vectors, and
/// with pages of 4 KB it spends a quarter of its time on finding them. Call it
/// before the memory is written. The kernel may refuse; then it is only slower.
void use_huge_pages(matrix& memory) {
  constexpr uintptr_t huge = uintptr_t{1} << 21;
  auto begin = reinterpret_cast<uintptr_t>(memory.data());
  auto end = begin + static_cast<size_t>(memory.size()) * sizeof(float);
  auto first = (begin + huge - 1) / huge * huge, last = end / huge * huge;
  if (first < last)
    (void)::madvise(memory.data() + (first - begin) / sizeof(float),
                    last - first, MADV_HUGEPAGE);
}

} // namespace

struct vector_index::shelf {
  explicit shelf(Eigen::Index dimensions) : rows(0, dimensions) {}

  void put(const std::string& id, const Eigen::VectorXf& vector) {
    auto [found, added] = row_of.emplace(id, ids.size());
    if (added) {
      ids.push_back(id);
      if (at(ids.size()) > rows.rows())
        grow();
    }
    rows.row(at(found->second)) = vector.transpose();
  }

  void grow() {
    matrix more(std::max<Eigen::Index>(64, rows.rows() * 2), rows.cols());
    use_huge_pages(more);
    more.topRows(rows.rows()) = rows;
    rows.swap(more);
  }

  /// Fills the gap with the last row.
  bool remove(const std::string& id) {
    auto found = row_of.find(id);
    if (found == row_of.end())
      return false;
    auto gap = found->second;
    auto last = ids.size() - 1;
    row_of.erase(found);
    if (gap != last) {
      ids[gap] = ids[last];
      rows.row(at(gap)) = rows.row(at(last)).eval();
      row_of[ids[gap]] = gap;
    }
    ids.pop_back();
    return true;
  }

  std::vector<uint32_t> rows_that(const id_filter& keeps) const {
    std::vector<uint32_t> out;
    out.reserve(ids.size());
    for (uint32_t row = 0; row < ids.size(); ++row)
      if (!keeps || keeps(ids[row]))
        out.push_back(row);
    return out;
  }

  matrix rows; ///< may be more than are used; each used row has L2 norm 1
  std::vector<std::string> ids; ///< one per used row
  std::unordered_map<std::string, uint32_t> row_of;
};

vector_index::vector_index(uint32_t dimensions)
  : shelf_(std::make_unique<shelf>(static_cast<Eigen::Index>(dimensions))) {}

vector_index::vector_index(vector_index&&) noexcept = default;
vector_index& vector_index::operator=(vector_index&&) noexcept = default;
vector_index::~vector_index() = default;

status vector_index::upsert(const std::string& id,
                            const std::vector<float>& vector) {
  auto row = unit(vector, shelf_->rows.cols());
  if (!row)
    return std::move(row.error());
  shelf_->put(id, *row);
  return ok;
}

bool vector_index::remove(const std::string& id) {
  return shelf_->remove(id);
}

result<std::vector<search_hit>>
vector_index::search(const std::vector<float>& vector, size_t k,
                     const id_filter& keeps) const {
  const auto& from = *shelf_;
  auto query = unit(vector, from.rows.cols());
  if (!query)
    return std::move(query.error());
  Eigen::VectorXf scores = from.rows.topRows(at(from.ids.size())) * *query;
  auto order = from.rows_that(keeps);
  auto is_better = [&](uint32_t a, uint32_t b) {
    auto x = scores[a];
    auto y = scores[b];
    return x != y ? x > y : from.ids[a] < from.ids[b];
  };
  auto best = order.begin() + static_cast<ptrdiff_t>(std::min(k, order.size()));
  if (best != order.end())
    std::nth_element(order.begin(), best, order.end(), is_better);
  std::sort(order.begin(), best, is_better);
  std::vector<search_hit> hits;
  for (auto row = order.begin(); row != best; ++row)
    hits.push_back({from.ids[*row], scores[*row]});
  return hits;
}

std::vector<float> vector_index::vector_of(const std::string& id) const {
  auto found = shelf_->row_of.find(id);
  if (found == shelf_->row_of.end())
    return {};
  auto row = shelf_->rows.row(found->second);
  return {row.data(), row.data() + row.size()};
}

size_t vector_index::size() const {
  return shelf_->ids.size();
}

} // namespace darkroom
