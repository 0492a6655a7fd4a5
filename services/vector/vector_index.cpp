#include "services/vector/vector_index.hpp"

#include "services/vector/rough_rows.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
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

} // namespace

struct vector_index::shelf {
  explicit shelf(uint32_t dimensions)
    : rows(0, dimensions),
      rough(dimensions) {}

  void put(const std::string& id, const Eigen::VectorXf& vector) {
    auto [found, added] = row_of.emplace(id, ids.size());
    if (added) {
      ids.push_back(id);
      if (at(ids.size()) > rows.rows())
        grow();
    }
    rows.row(at(found->second)) = vector.transpose();
    rough.put(found->second, vector.data());
  }

  void grow() {
    matrix more(std::max<Eigen::Index>(64, rows.rows() * 2), rows.cols());
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
      rough.put(gap, rows.row(at(gap)).data());
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

  /// Those of the rows that can be among the `k` nearest.
  void leave_nearest(std::vector<uint32_t>& among, const Eigen::VectorXf& to,
                     size_t k) const {
    if (k == 0 || k >= among.size())
      return;
    auto query = rough.query_of(to.data());
    std::vector<float> least(among.size()), most(among.size());
    for (size_t i = 0; i < among.size(); ++i) {
      auto bounds = rough.bounds(among[i], query);
      least[i] = bounds.least;
      most[i] = bounds.most;
    }
    // So high is the score of at least k rows.
    auto kth = least.begin() + static_cast<ptrdiff_t>(k - 1);
    std::nth_element(least.begin(), kth, least.end(), std::greater<>{});
    size_t left = 0;
    for (size_t i = 0; i < among.size(); ++i)
      if (most[i] >= *kth)
        among[left++] = among[i];
    among.resize(left);
  }

  matrix rows;      ///< may be more than are used; each used row has L2 norm 1
  rough_rows rough; ///< a copy of each used row
  std::vector<std::string> ids; ///< one per used row
  std::unordered_map<std::string, uint32_t> row_of;
};

vector_index::vector_index(uint32_t dimensions)
  : shelf_(std::make_unique<shelf>(dimensions)) {}

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
  auto order = from.rows_that(keeps);
  from.leave_nearest(order, *query, k);
  std::vector<std::pair<float, uint32_t>> scored;
  scored.reserve(order.size());
  for (auto row : order)
    scored.emplace_back(from.rows.row(at(row)).dot(*query), row);
  auto is_better = [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first
                              : from.ids[a.second] < from.ids[b.second];
  };
  auto count = std::min(k, scored.size());
  auto best = scored.begin() + static_cast<ptrdiff_t>(count);
  std::partial_sort(scored.begin(), best, scored.end(), is_better);
  std::vector<search_hit> hits;
  hits.reserve(count);
  for (auto hit = scored.begin(); hit != best; ++hit)
    hits.push_back({from.ids[hit->second], hit->first});
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
